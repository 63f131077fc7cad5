//! Where everything stands: models in columns by their distance from where requests begin, providers as boxes that do
//! not overlap, links in the channels between the columns, each through its own label.
//!
//! All in whole pixels, so that the same graph gives the same picture everywhere.

mod columns;
mod labels;
mod lanes;
mod layers;
mod route;

/// What is to be placed; sizes are those of the texts that will stand there.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// How many boxes there are.
    pub boxes: usize,
    /// What is placed in the boxes.
    pub nodes: Vec<NodeShape>,
    /// What is led between the models.
    pub links: Vec<LinkShape>,
}

/// A model to be placed.
#[derive(Debug, Clone, Copy)]
pub struct NodeShape {
    /// The box in which it stands.
    pub in_box: usize,
    /// In pixels, as wide as its text.
    pub width: i64,
    /// In pixels, as high as its lines.
    pub height: i64,
}

/// A link to be placed.
#[derive(Debug, Clone, Copy)]
pub struct LinkShape {
    /// Index into [`Shape::nodes`].
    pub from: usize,
    /// Index into [`Shape::nodes`].
    pub to: usize,
    /// Width and height of its label, if it has one.
    pub label: Option<(i64, i64)>,
    /// The smaller, the more it matters that the link runs from left to right.
    pub rank: u8,
}

/// A place in the picture, in pixels from the upper left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rect {
    /// Pixels from the left.
    pub x: i64,
    /// Pixels from above.
    pub y: i64,
    /// Pixels to the right.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
}

impl Rect {
    /// The right edge.
    pub fn right(self) -> i64 {
        self.x + self.width
    }

    /// The lower edge.
    pub fn bottom(self) -> i64 {
        self.y + self.height
    }

    /// The middle between the upper and the lower edge.
    pub fn middle(self) -> i64 {
        self.y + self.height / 2
    }

    /// Whether two rectangles share a point.
    pub fn meets(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// Where everything stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Width of the whole.
    pub width: i64,
    /// Height of the whole.
    pub height: i64,
    /// One for each box of the shape, in its order.
    pub boxes: Vec<Rect>,
    /// One for each model of the shape, in its order.
    pub nodes: Vec<Rect>,
    /// One for each link of the shape, in its order.
    pub links: Vec<Route>,
}

/// The way of a link: a line whose every point is passed level, in the direction of the link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// Its points; from one to the next it is level, or a curve that begins and ends so.
    pub points: Vec<(i64, i64)>,
    /// Where its label stands.
    pub label: Option<Rect>,
}

/// Space around the models of a box.
pub const PADDING: i64 = 12;
/// Height of a box's title, above its models.
pub const TITLE: i64 = 26;
/// Space between models that stand one below the other.
const NODE_GAP: i64 = 14;
/// Space between boxes.
const BOX_GAP: i64 = 26;

/// Places a graph.
pub fn place(shape: &Shape) -> Layout {
    let layers = layers::layers(shape);
    let columns = columns::columns(shape, &layers);
    let lanes = lanes::lanes(shape, &columns);
    route::routes(shape, &columns, &lanes)
}

/// An element, or its default where the index is past the end, which it never is.
fn at<T: Copy + Default>(list: &[T], index: usize) -> T {
    list.get(index).copied().unwrap_or_default()
}
