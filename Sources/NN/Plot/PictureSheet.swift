/// Small pictures in rows, with room for captions: which cell of one grid each pixel is.
struct PictureSheet {
  let grid: SampleGrid
  /// The height of a caption in cells.
  let captionHeight: Double
  private let perRow, width, height, tileWidth, tileHeight: Int

  init(count: Int, perRow: Int, width: Int, height: Int, hasCaptions: Bool) {
    guard perRow > 0 else { fatalError("Plot: \(perRow) pictures side by side; at least 1") }
    let gap = max(1, width / 8)
    let room = hasCaptions ? max(2, height * 3 / 8) : 0
    captionHeight = Double(room)
    (self.perRow, self.width, self.height) = (perRow, width, height)
    (tileWidth, tileHeight) = (width + gap, height + gap + room)
    let columns = min(perRow, count) * tileWidth - gap
    let rows = (count + perRow - 1) / perRow * tileHeight - gap
    grid = SampleGrid(x: 0...Double(columns), y: 0...Double(rows), columns: columns, rows: rows)
  }

  /// The cell of a pixel of a picture; pixels count row by row from the top.
  func cell(_ picture: Int, _ pixel: Int) -> Int {
    let (left, top) = (picture % perRow * tileWidth, picture / perRow * tileHeight)
    return (grid.rows - 1 - top - pixel / width) * grid.columns + left + pixel % width
  }

  /// The middle of the caption of a picture.
  func captionPlace(_ picture: Int) -> (x: Double, y: Double) {
    (
      Double(picture % perRow * tileWidth) + Double(width) / 2,
      Double(grid.rows - picture / perRow * tileHeight - height) - captionHeight / 2
    )
  }
}
