import Autograd
import Testing

@Suite struct HookTests {
  @Test func receivesTheCompleteCotangent() {
    let x = leaf(3)
    let y = x * x
    var seen: [[Double]] = []
    y.addGradientHook {
      seen.append($0.array(of: Double.self))
      return nil
    }
    // Two uses: the hook runs once, with the sum.
    let g = gradient(of: (2 * y + 5 * y).sum(), withRespectTo: x)
    #expect(seen == [[7]])
    #expect(g.item() == 42)
  }

  @Test func changesWhatFlowsOn() {
    let x = leaf(1, -2)
    let y = x * x
    y.addGradientHook { clamp($0, low: -1, high: 1) }
    #expect(gradient(of: (10 * y).sum(), withRespectTo: x).array(of: Double.self) == [2, -4])
  }

  @Test func hooksOfALeafChangeItsGradient() {
    let x = leaf(1, 2)
    x.addGradientHook { 10 * $0 }
    (x + x).sum().backward()
    #expect(x.gradient?.array(of: Double.self) == [20, 20])
    #expect(gradient(of: x.sum(), withRespectTo: x).array(of: Double.self) == [10, 10])
  }

  @Test func runInTheOrderInWhichTheyWereAdded() {
    let x = scalar(1)
    let y = 1 * x
    y.addGradientHook { $0 + 1 }
    y.addGradientHook { 10 * $0 }
    #expect(gradient(of: y, withRespectTo: x).item() == 20)
  }

  @Test func runInEveryPass() {
    let x = scalar(1)
    var calls = 0
    x.addGradientHook { _ in
      calls += 1
      return nil
    }
    let y = x * x
    y.backward()
    y.backward()
    #expect(calls == 2)
  }

  @Test func hookOfTheResultSeesTheSeed() {
    let x = scalar(4)
    let y = x * x
    y.addGradientHook { 3 * $0 }
    #expect(gradient(of: y, withRespectTo: x).item() == 24)
  }

  @Test func isPartOfARecordedPass() {
    let x = scalar(2)
    let y = x * x
    // The hook multiplies by x: the gradient is 2x², its derivative 4x.
    y.addGradientHook { $0 * x }
    let g = gradient(of: y, withRespectTo: x, createGraph: true)
    #expect(g.item() == 8)
    #expect(gradient(of: g, withRespectTo: x).item() == 8)
  }

  @Test func mayRunBackwardItself() {
    let x = scalar(3)
    let (y, other) = (x * x, x * x * x)
    y.addGradientHook { g in g * gradient(of: other, withRespectTo: x) }
    // 27 · 2x.
    #expect(gradient(of: y + y, withRespectTo: x).item() == 2 * 27 * 6)
  }

  @Test func releasesWhatItHolds() {
    expectNoLiveNodes {
      let x = scalar(2)
      let other = scalar(5)
      let y = x * x
      y.addGradientHook { $0 * other }
      #expect(gradient(of: y, withRespectTo: x).item() == 20)
    }
  }

  @Test func constantHasNone() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Variable([1]).addGradientHook { $0 } }
    #expect(errors(of: result).contains("addGradientHook: the variable does not require"))
  }
}
