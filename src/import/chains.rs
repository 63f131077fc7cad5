//! Chains of failover that stand in one statement.

use std::collections::BTreeMap;

/// Chains that one statement may have: each step has one successor, and none leads back. Whether some had to go.
pub(super) fn joined<T: Ord + Clone>(chains: impl IntoIterator<Item = Vec<T>>) -> (Vec<Vec<T>>, bool) {
    let mut next: BTreeMap<T, T> = BTreeMap::new();
    let mut kept: Vec<Vec<T>> = Vec::new();
    let mut lost = false;
    for chain in chains {
        let mut added = next.clone();
        let links = || chain.iter().zip(chain.iter().skip(1));
        let fits = links().all(|(from, to)| {
            *added.entry(from.clone()).or_insert_with(|| to.clone()) == *to && !leads(&added, to, from)
        });
        if !fits {
            lost = true;
            continue;
        }
        // From where on it goes as another one goes.
        let news = links().take_while(|(from, _)| !next.contains_key(from)).count();
        if news > 0 {
            kept.push(chain.iter().take(news + 1).cloned().collect());
        }
        next = added;
    }
    (kept, lost)
}

/// Whether one step leads to another.
fn leads<T: Ord>(next: &BTreeMap<T, T>, from: &T, to: &T) -> bool {
    std::iter::successors(Some(from), |at| next.get(at)).take(next.len() + 1).any(|at| at == to)
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_chain_that_goes_on_as_another_does_ends_there() {
        let chains = [vec![1, 3, 4], vec![2, 3, 4], vec![3, 4]];
        assert_eq!(joined(chains), (vec![vec![1, 3, 4], vec![2, 3]], false));
    }

    #[test]
    fn what_would_fork_or_lead_back_is_left_out() {
        assert_eq!(joined([vec![1, 2], vec![2, 1]]), (vec![vec![1, 2]], true));
        assert_eq!(joined([vec![1, 2], vec![1, 3]]), (vec![vec![1, 2]], true));
    }
}
