extension History {
  /// Curves of quantities over the epochs.
  ///
  /// Stops with an error if a quantity is not kept.
  ///
  /// - Parameters:
  ///   - quantities: What to draw, such as `[.loss, .validationLoss]`.
  ///   - yScale: By default logarithmic if all values are positive and the greatest is more than 20
  ///     times the least.
  public func plot(
    _ quantities: [Quantity], title: String = "Training", yScale: Plot.AxisScale? = nil
  ) -> Plot {
    let curves = quantities.map { self[$0] }
    let values = curves.flatMap { $0 }.filter(\.isFinite)
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    let isWide = least > 0 && greatest > 20 * least
    var plot = Plot(
      title: title, xLabel: "epoch", yLabel: quantities.first?.description ?? "",
      yScale: yScale ?? (isWide ? .logarithmic : .linear))
    for (quantity, curve) in zip(quantities, curves) {
      plot.addLine(y: curve, label: quantity.description)
    }
    return plot
  }

  /// The learning curves: the loss, and each metric, of training and validation in one panel each.
  public func figure(title: String = "Training") -> Figure {
    var panels = [plot(kept(.loss, .validationLoss), title: title)]
    for case .metric(let name) in quantities {
      panels.append(plot(kept(.metric(name), .validationMetric(name)), title: name))
    }
    return Figure(panels)
  }

  private func kept(_ quantities: Quantity...) -> [Quantity] {
    quantities.filter { self.quantities.contains($0) }
  }
}

extension LearningRateSweep {
  /// The losses over the rates, with the suggestion.
  public func plot(title: String = "Learning rate") -> Plot {
    var plot = Plot(title: title, xLabel: "learning rate", yLabel: "loss", xScale: .logarithmic)
    plot.addLine(x: rates, y: losses, label: "loss")
    plot.addLine(x: rates, y: smoothedLosses, label: "smoothed")
    if let suggestion, let index = rates.firstIndex(of: suggestion) {
      plot.addPoints(
        x: [suggestion], y: [smoothedLosses[index]],
        label: "suggestion \(suggestion.significant(2))")
    }
    return plot
  }
}
