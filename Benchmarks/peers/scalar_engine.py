"""The first gradient of a program without any library: scalars in Python, as in teaching engines."""


class Value:
    def __init__(self, data, inputs=()):
        self.data, self.gradient, self.inputs = data, 0.0, inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if id(value) not in seen:
                seen.add(id(value))
                for source, _ in value.inputs:
                    visit(source)
                order.append(value)

        visit(self)
        self.gradient = 1.0
        for value in reversed(order):
            for source, slope in value.inputs:
                source.gradient += slope * value.gradient


x = [Value(1.0), Value(2.0), Value(3.0)]
(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]).backward()
print([value.gradient for value in x])
