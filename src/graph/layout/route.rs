//! The ways of links: out of a model on its right, level past the columns between, through the label, in on the left.

use super::columns::Columns;
use super::labels::spread;
use super::lanes::Lanes;
use super::{BOX_GAP, Layout, LinkShape, PADDING, Rect, Route, Shape, TITLE, at};

/// Width of a channel that no link runs in.
const PLAIN: i64 = 2 * PADDING + BOX_GAP;
/// Width of a channel with links, and of what is beside a label.
const CHANNEL: i64 = 84;
/// Space between a link and what it passes.
const CLEAR: i64 = 7;

/// A link as it is routed: from left to right, whichever way it leads.
#[derive(Clone, Copy)]
struct Way {
    number: usize,
    left: usize,
    right: usize,
    link: LinkShape,
    backward: bool,
}

/// Everything that routing looks at.
struct Field<'a> {
    shape: &'a Shape,
    columns: &'a Columns,
    /// By column: left and right edge.
    edges: Vec<(i64, i64)>,
    /// By model.
    column: Vec<usize>,
    nodes: Vec<Rect>,
    boxes: Vec<Rect>,
}

pub(super) fn routes(shape: &Shape, columns: &Columns, lanes: &Lanes) -> Layout {
    let column = shape.nodes.iter().enumerate().map(|(id, node)| {
        let loose = columns.boxes.get(node.in_box).is_some_and(|of| of.loose);
        at(&columns.of, id) + if loose { at(&lanes.first, node.in_box) } else { 0 }
    });
    let column: Vec<usize> = column.collect();
    let ways = ways(shape, columns, &column);
    let edges = edges(shape, columns.count, &column, &ways);
    let field = field(shape, columns, lanes, edges, column);
    let tracks = tracks(&field, &ways);
    let (ports_left, ports_right) =
        (ports(&field, &ways, &tracks, true), ports(&field, &ways, &tracks, false));
    let labels = place_labels(&field, &ways, &tracks, &ports_left, &ports_right);
    let mut links = vec![Route::default(); shape.links.len()];
    for (place, way) in ways.iter().enumerate() {
        let ends = (at(&ports_left, place), at(&ports_right, place));
        let label = labels.get(place).copied().flatten();
        let points = points(&field, way, tracks.get(place).map_or(&[], Vec::as_slice), ends, label);
        if let Some(slot) = links.get_mut(way.number) {
            *slot = Route { points, label };
        }
    }
    for (slot, link) in links.iter_mut().zip(&shape.links).filter(|(_, link)| link.from == link.to) {
        let node = at(&field.nodes, link.from);
        slot.points = vec![(node.right(), node.bottom() - 20), (node.right(), node.bottom() - 8)];
    }
    fit(&field, links)
}

/// Every link between two models, from left to right.
fn ways(shape: &Shape, columns: &Columns, column: &[usize]) -> Vec<Way> {
    let ways =
        shape.links.iter().enumerate().filter(|(_, link)| link.from != link.to).map(|(number, link)| {
            let backward = at(&columns.backward, number);
            let (left, right) = if backward { (link.to, link.from) } else { (link.from, link.to) };
            Way { number, left, right, link: *link, backward }
        });
    // A link inside one column would have no channel; layers rule that out.
    ways.filter(|way| at(column, way.left) < at(column, way.right)).collect()
}

impl Way {
    /// The channel of its label, by the column to the left of it: the last one before the model it leads to.
    fn label_channel(&self, column: &[usize]) -> usize {
        if self.backward { at(column, self.left) } else { at(column, self.right).saturating_sub(1) }
    }
}

/// The columns' left and right edges.
fn edges(shape: &Shape, count: usize, column: &[usize], ways: &[Way]) -> Vec<(i64, i64)> {
    let mut widths = vec![0i64; count];
    for (node, column) in shape.nodes.iter().zip(column) {
        if let Some(width) = widths.get_mut(*column) {
            *width = node.width.max(*width);
        }
    }
    let mut channels = vec![PLAIN; count];
    for way in ways {
        let passed = at(column, way.left)..at(column, way.right);
        channels
            .iter_mut()
            .take(passed.end)
            .skip(passed.start)
            .for_each(|width| *width = CHANNEL.max(*width));
        if let (Some((label, _)), Some(width)) = (way.link.label, channels.get_mut(way.label_channel(column)))
        {
            *width = (label + CHANNEL).max(*width);
        }
    }
    let mut edges = Vec::new();
    let mut x = PADDING;
    for (width, channel) in widths.iter().zip(&channels) {
        edges.push((x, x + width));
        x += width + channel;
    }
    edges
}

fn field<'a>(
    shape: &'a Shape,
    columns: &'a Columns,
    lanes: &Lanes,
    edges: Vec<(i64, i64)>,
    column: Vec<usize>,
) -> Field<'a> {
    let nodes = shape.nodes.iter().enumerate().map(|(id, node)| {
        let (x, right) = at(&edges, at(&column, id));
        Rect { x, y: at(&lanes.nodes, id), width: right - x, height: node.height }
    });
    let nodes = nodes.collect();
    let boxes = columns.boxes.iter().enumerate().map(|(id, of)| {
        let first = at(&lanes.first, id);
        let (x, right) = (at(&edges, first).0 - PADDING, at(&edges, first + of.last - of.first).1 + PADDING);
        let (y, height) = at(&lanes.boxes, id);
        Rect { x, y, width: right - x, height }
    });
    let boxes = boxes.collect();
    Field { shape, columns, edges, column, nodes, boxes }
}

/// By way, how high it passes each column between its ends.
fn tracks(field: &Field, ways: &[Way]) -> Vec<Vec<i64>> {
    let mut taken: Vec<Vec<(i64, i64)>> = vec![Vec::new(); field.columns.count];
    for (node, column) in field.nodes.iter().zip(&field.column) {
        if let Some(list) = taken.get_mut(*column) {
            list.push((node.y - CLEAR, node.bottom() + CLEAR));
        }
    }
    for title in &field.boxes {
        let first = field.edges.iter().position(|(x, _)| x - PADDING == title.x).unwrap_or(0);
        if let Some(list) = taken.get_mut(first) {
            list.push((title.y, title.y + TITLE));
        }
    }
    let mut tracks = Vec::new();
    for way in ways {
        let (left, right) = (at(&field.nodes, way.left), at(&field.nodes, way.right));
        let (from, to) = (at(&field.column, way.left), at(&field.column, way.right));
        let mut own = Vec::new();
        let mut before = left.middle();
        for column in from + 1..to {
            let rest = i64::try_from(to - column + 1).unwrap_or(1);
            let wanted = before + (right.middle() - before) / rest;
            let Some(list) = taken.get_mut(column) else { continue };
            let y = free(list, wanted);
            list.push((y - CLEAR, y + CLEAR));
            own.push(y);
            before = y;
        }
        tracks.push(own);
    }
    tracks
}

/// The height nearest to the wanted one that nothing takes.
fn free(taken: &mut [(i64, i64)], wanted: i64) -> i64 {
    taken.sort_unstable();
    let (mut above, mut below) = (wanted, wanted);
    for (low, high) in taken.iter() {
        if *low < below && below < *high {
            below = *high;
        }
    }
    // From the bottom up, widest reach first, until nothing moves.
    let mut moved = true;
    while moved {
        moved = false;
        for (low, high) in taken.iter().rev() {
            if *low < above && above < *high {
                above = *low;
                moved = true;
            }
        }
    }
    if wanted - above <= below - wanted { above } else { below }
}

/// By way, the height at which it leaves its left model, or enters its right one.
fn ports(field: &Field, ways: &[Way], tracks: &[Vec<i64>], of_left: bool) -> Vec<i64> {
    let own = |way: &Way| if of_left { way.left } else { way.right };
    let toward = |place: usize, way: &Way| {
        let tracks = tracks.get(place).map_or(&[] as &[i64], Vec::as_slice);
        let near = if of_left { tracks.first() } else { tracks.last() };
        near.copied().unwrap_or(at(&field.nodes, if of_left { way.right } else { way.left }).middle())
    };
    let mut order: Vec<(usize, i64, usize)> =
        ways.iter().enumerate().map(|(place, way)| (own(way), toward(place, way), place)).collect();
    order.sort_unstable();
    let mut ports = vec![0; ways.len()];
    for of_node in order.chunk_by(|a, b| a.0 == b.0) {
        let node = at(&field.nodes, of_node.first().map_or(0, |first| first.0));
        let count = i64::try_from(of_node.len()).unwrap_or(1);
        for (number, (_, _, place)) in (1..).zip(of_node) {
            if let Some(port) = ports.get_mut(*place) {
                *port = node.y + node.height * number / (count + 1);
            }
        }
    }
    ports
}

/// By way, where its label stands.
fn place_labels(
    field: &Field,
    ways: &[Way],
    tracks: &[Vec<i64>],
    ports_left: &[i64],
    ports_right: &[i64],
) -> Vec<Option<Rect>> {
    let mut labels = vec![None; ways.len()];
    for channel in 0..field.columns.count {
        let here = ways.iter().enumerate().filter(|(_, way)| way.label_channel(&field.column) == channel);
        let mut wanted: Vec<(i64, usize, (i64, i64))> = here
            .filter_map(|(place, way)| {
                let own = tracks.get(place).map_or(&[] as &[i64], Vec::as_slice);
                let (first, last) = (at(ports_left, place), at(ports_right, place));
                let before = if way.backward { first } else { own.last().copied().unwrap_or(first) };
                let after = if way.backward { own.first().copied().unwrap_or(last) } else { last };
                Some((i64::midpoint(before, after), place, way.link.label?))
            })
            .collect();
        wanted.sort_unstable();
        let sizes: Vec<(i64, i64)> = wanted.iter().map(|(middle, _, size)| (*middle, size.1)).collect();
        let (from, to) = (at(&field.edges, channel).1, at(&field.edges, channel + 1).0);
        for (y, (_, place, (width, height))) in spread(&sizes).into_iter().zip(wanted) {
            if let Some(label) = labels.get_mut(place) {
                *label = Some(Rect { x: i64::midpoint(from, to) - width / 2, y, width, height });
            }
        }
    }
    labels
}

/// The points of a way, in the direction of its link.
fn points(
    field: &Field,
    way: &Way,
    tracks: &[i64],
    (first, last): (i64, i64),
    label: Option<Rect>,
) -> Vec<(i64, i64)> {
    let (left, right) = (at(&field.nodes, way.left), at(&field.nodes, way.right));
    let (from, to) = (at(&field.column, way.left), at(&field.column, way.right));
    let labelled = way.label_channel(&field.column);
    let mut points = vec![(left.right(), first)];
    for channel in from..to {
        if let Some(label) = label.filter(|_| channel == labelled) {
            points.extend([(label.x, label.middle()), (label.right(), label.middle())]);
        }
        if channel + 1 < to {
            let ((start, end), y) = (at(&field.edges, channel + 1), at(tracks, channel - from));
            points.extend([(start - PADDING, y), (end + PADDING, y)]);
        }
    }
    points.push((right.x, last));
    if way.backward {
        points.reverse();
    }
    points
}

/// Moves everything so that it begins at the top, and measures it.
fn fit(field: &Field, mut links: Vec<Route>) -> Layout {
    let labels = || links.iter().filter_map(|link| link.label);
    let tops = field.boxes.iter().map(|own| own.y).chain(labels().map(|label| label.y));
    let points = links.iter().flat_map(|link| &link.points);
    let top = tops.chain(points.clone().map(|(_, y)| y - CLEAR)).min().unwrap_or(0);
    let bottoms = field.boxes.iter().map(|own| own.bottom()).chain(labels().map(Rect::bottom));
    let bottom = bottoms.chain(points.map(|(_, y)| y + CLEAR)).max().unwrap_or(0);
    let loops = field.shape.links.iter().any(|link| link.from == link.to);
    let right = field.boxes.iter().map(|own| own.right()).max().unwrap_or(0) + if loops { 24 } else { 0 };
    let down = |rect: Rect| Rect { y: rect.y - top, ..rect };
    for link in &mut links {
        link.points.iter_mut().for_each(|(_, y)| *y -= top);
        link.label = link.label.map(down);
    }
    Layout {
        width: right,
        height: bottom - top,
        boxes: field.boxes.iter().copied().map(down).collect(),
        nodes: field.nodes.iter().copied().map(down).collect(),
        links,
    }
}
