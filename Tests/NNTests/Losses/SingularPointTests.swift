import Autograd
import NN
import Testing

/// Where a logarithm, a root or a quotient is singular, losses and gradients are still exact.
@Suite struct SingularPointTests {
  /// Compares the sum of a loss at a point, its gradient, and asks for a finite second one.
  private func expectFinite(
    _ point: [Double], _ shape: Shape? = nil, value: [Double], gradient expected: [Double],
    sourceLocation: SourceLocation = #_sourceLocation, _ loss: (Variable) -> Variable
  ) {
    expectLoss(
      at: point, shape, value: value, gradient: expected, sourceLocation: sourceLocation, loss)
  }

  @Test func `Divergence: a target of 0, with an impossible prediction and without`() {
    let prediction = double([-Double.infinity, 0, -1], [1, 3])
    expectFinite([0, 1, 0], [1, 3], value: [0], gradient: [0, 1, 0]) {
      klDivergence(prediction, probabilities: $0)
    }
    expectFinite([-.infinity, 0, -1], [1, 3], value: [0], gradient: [0, -1, 0]) {
      klDivergence($0, probabilities: double([0, 1, 0], [1, 3]))
    }
    expectFinite([-.infinity, 0], [1, 2], value: [0], gradient: [0, 1]) {
      klDivergence(double([-Double.infinity, 0], [1, 2]), targetLogProbabilities: $0)
    }
  }

  @Test func `Cosine: a zero vector has the cosine 0 and a finite slope`() {
    expectFinite([0, 0], [1, 2], value: [0], gradient: [0.6e8, 0.8e8]) {
      cosineSimilarity($0, double([3, 4], [1, 2]))
    }
    expectFinite([3, 4], [1, 2], value: [0], gradient: [0, 0]) {
      cosineSimilarity($0, double([0, 0], [1, 2]))
    }
    expectFinite([0, 0], [1, 2], value: [1], gradient: [0, 0]) {
      cosineEmbedding($0, double([0, 0], [1, 2]), double([1]))
    }
  }

  @Test func `Distances: equal vectors have the slope 0`() {
    for order in [1, 1.5, 2, 3, Double.infinity] {
      expectFinite([1, 2], [1, 2], value: [0], gradient: [0, 0]) {
        pairwiseDistance($0, double([1, 2], [1, 2]), order: order, epsilon: 0)
      }
    }
    let other = double([1, 3], [1, 2])
    expectFinite([1, 2], [1, 2], value: [0.5], gradient: [0, 1]) {
      tripletMargin(
        anchor: $0, positive: double([1, 2], [1, 2]), negative: other, margin: 1.5, epsilon: 0)
    }
    expectFinite([1, 2], [1, 2], value: [2.25], gradient: [0, 0]) {
      contrastive(
        pairwiseDistance($0, double([1, 2], [1, 2]), epsilon: 0), double([0]), margin: 1.5)
    }
  }

  @Test func `Overlap: empty masks agree, with and without smoothing`() {
    for smoothing in [0, 1] as [Double] {
      let slope = smoothing == 0 ? 0 : 1.0
      expectFinite([0, 0], [1, 2], value: [0], gradient: [slope, slope]) {
        dice($0, double([0, 0], [1, 2]), smoothing: smoothing)
      }
      expectFinite([0, 0], [1, 2], value: [0], gradient: [slope / 2, slope / 2]) {
        tversky($0, double([0, 0], [1, 2]), smoothing: smoothing)
      }
    }
    expectFinite([0, 0], [1, 2], value: [1], gradient: [-2, 0]) {
      dice($0, double([1, 0], [1, 2]), smoothing: 0)
    }
  }

  @Test func `Poisson: rates and counts of 0`() {
    expectFinite([0, 2], value: [2], gradient: [1, 1]) {
      poissonNegativeLogLikelihood(
        rate: $0, counts: double([0, 0]), epsilon: 0, reduction: .sum)
    }
    expectFinite([0, 1], value: [0], gradient: [1, 1 - 3.0 / (1 + 1e-8)]) {
      let losses = poissonNegativeLogLikelihood(
        rate: $0, counts: double([0, 3]), reduction: .none)
      return losses.sum() - 1 + 3 * log1p(1e-8)
    }
    expectFinite([0, 0.5], value: [3.5], gradient: [0, 0]) {
      poissonNegativeLogLikelihood(
        logRate: double([0, 0]), counts: $0, includingConstant: true, reduction: .sum) + 1.5
    }
  }

  @Test func `Log-cosh: tiny and huge differences`() {
    expectFinite(
      [1e-9, -1e-5, 1000, -1e300], value: [5e-19, 5e-11, 1000 - 0.6931471805599453, 1e300],
      gradient: [1e-9, -1e-5, 1, -1]
    ) { logCosh($0, double([0, 0, 0, 0]), reduction: .none) }
    let tiny = logCosh(double([1e-9, 1e-5]), double([0, 0]), reduction: .none).value.doubles()
    #expect(abs(tiny[0] / 5e-19 - 1) < 1e-15)
    #expect(abs(tiny[1] / (5e-11 * (1 - 1e-10 / 6)) - 1) < 1e-15)
  }

  @Test func `Focal: certainty has the slope 0, for a fractional power, too`() {
    for gamma in [0.5, 1, 2] {
      expectFinite([800, -800], value: [0], gradient: [0, 0]) {
        binaryFocal($0, double([1, 0]), gamma: gamma)
      }
      expectFinite([800, 0], [1, 2], value: [0], gradient: [0, 0]) {
        focal($0, classIndices: Variable([0] as [Int]), gamma: gamma)
      }
      expectFinite([800, -.infinity], [1, 2], value: [0], gradient: [0, 0]) {
        focal($0, probabilities: double([1, 0], [1, 2]), gamma: gamma)
      }
    }
  }

  @Test func `Relative errors: targets of 0`() {
    expectFinite([2, 0], value: [100 * 2 / 1e-3, 0], gradient: [1e5, 0]) {
      meanAbsolutePercentageError($0, double([0, 0]), epsilon: 1e-3, reduction: .none)
    }
    expectFinite([-3, 0], value: [0, 0], gradient: [0, 0]) {
      meanSquaredLogarithmicError($0, double([0, -1]), reduction: .none)
    }
  }

  @Test func `Corners have the slope of the rising side`() {
    expectFinite([1, -1], value: [0, 0], gradient: [-1, 1]) {
      hinge($0, double([1, -1]), reduction: .none)
    }
    expectFinite([2], value: [0], gradient: [0.25 - 0.5]) {
      -pinball($0, double([2]), quantile: 0.25, reduction: .none)
    }
    expectFinite([2], value: [0], gradient: [0]) { smoothL1($0, double([2]), beta: 0) }
  }
}
