//! Labels in a channel: one below the other, each as near as can be to where its link runs.

/// Space between two labels.
const GAP: i64 = 8;

/// A run of labels that touch: where its first begins, how many there are, and the sum of where each would have it begin.
struct Run {
    members: i64,
    wanted: i64,
    height: i64,
}

impl Run {
    fn start(&self) -> i64 {
        self.wanted / self.members.max(1)
    }
}

/// The upper edge of each label, from its middle and height as wanted, in the order of the middles.
pub(super) fn spread(wanted: &[(i64, i64)]) -> Vec<i64> {
    let mut runs: Vec<Run> = Vec::new();
    for (middle, height) in wanted {
        runs.push(Run { members: 1, wanted: middle - height / 2, height: height + GAP });
        // Runs that would overlap become one, which lies where it suits its members best together.
        while let [.., before, last] = runs.as_slice() {
            if before.start() + before.height <= last.start() {
                break;
            }
            let joined = Run {
                members: before.members + last.members,
                wanted: before.wanted + last.wanted - before.height * last.members,
                height: before.height + last.height,
            };
            runs.truncate(runs.len() - 2);
            runs.push(joined);
        }
    }
    let mut heights = wanted.iter().map(|(_, height)| height + GAP);
    let mut tops = Vec::new();
    for run in runs {
        let mut top = run.start();
        for _ in 0..run.members {
            tops.push(top);
            top += heights.next().unwrap_or(0);
        }
    }
    tops
}
