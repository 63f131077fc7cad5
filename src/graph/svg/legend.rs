//! What the lines mean, for as many kinds of them as the picture has.

use super::draw::{Ink, line, stroke};
use super::text::width;
use super::{Graph, LinkState, SMALL_SIZE};

/// The legend, drawn from the left at height 0.
pub(super) struct Legend {
    pub(super) width: i64,
    pub(super) height: i64,
    parts: Vec<(LinkState, i64, &'static str)>,
}

pub(super) fn legend(graph: &Graph) -> Legend {
    let all = [
        (LinkState::Live, "fails over"),
        (LinkState::Cut, "cut: a gate, a rule or the statement itself keeps requests from it"),
        (LinkState::Idle, "written, and no request comes to it"),
    ];
    let mut legend = Legend { width: 0, height: 0, parts: Vec::new() };
    for (state, words) in all {
        if graph.links.iter().any(|link| link.state == state) {
            legend.parts.push((state, legend.width, words));
            legend.width += 44 + width(words, SMALL_SIZE, false) + 24;
            legend.height = 36;
        }
    }
    legend
}

impl Legend {
    /// The legend at a height.
    pub(super) fn drawn(&self, y: i64) -> String {
        let parts = self.parts.iter().map(|(state, x, words)| {
            let (class, color, dashes) = stroke(*state);
            let sample = format!(
                "<path class=\"{class}\" d=\"M{x} {y}h36\" fill=\"none\" stroke=\"{color}\" \
                 stroke-width=\"1.5\"{dashes}/>\n"
            );
            sample + &line(words, (x + 44, y + 4), SMALL_SIZE, Ink::FAINT)
        });
        parts.collect()
    }
}
