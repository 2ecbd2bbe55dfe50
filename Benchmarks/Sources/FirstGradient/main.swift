import Autograd

// The smallest program with a gradient: what it takes is the start of the process.
let x = Variable([1, 2, 3], requiresGradient: true)
square(x).sum().backward()
print(x.gradient!)
