use super::*;

#[test]
fn sums_are_exact_and_stay_small() {
    let mut sum = whole(0);
    (0..1000).for_each(|_| add_up(&mut sum, &(whole(1) / whole(3))));
    assert_eq!(sum, whole(1000) / whole(3));
    let denominators = (0..2000u64).map(|at| 1_000_000_007 + 2 * at);
    denominators.for_each(|over| add_up(&mut sum, &(whole(1) / whole(over))));
    assert!(sum.denom().bits() <= MAX_SUM_BITS);
    assert_eq!(round_half_even(&sum, 6), "333.333335");
}

#[test]
fn small_numbers_are_those_of_plain_arithmetic() {
    let wide = Rational::from_integer(Integer::one() << 90u32);
    let minus = |number: u64, over: u64| -(whole(number) / whole(over));
    let numbers = [
        whole(0),
        whole(1),
        whole(3) / whole(7),
        whole(999) / whole(10),
        whole(1) / whole(600),
        minus(5, 14),
        minus(u64::MAX, 3),
        whole(u64::MAX),
        wide.recip() * whole(7),
        wide,
    ];
    for a in &numbers {
        for by in [1, 2, 6, 700, u64::MAX] {
            assert_eq!((times(a, by), over(a, by)), (a * whole(by), a / whole(by)), "{a} {by}");
            assert_eq!(ratio(by, 12), whole(by) / whole(12));
        }
        for b in &numbers {
            assert_eq!((equal(a, b), compare(a, b)), (a == b, a.cmp(b)), "{a} {b}");
            assert_eq!(plus(a, b).unwrap_or_else(|| a + b), a + b, "{a} {b}");
            let down = (whole(1) - a / whole(100)) * (whole(1) - b / whole(100));
            assert_eq!(percent_of_any([a, b].into_iter()), (whole(1) - down) * whole(100), "{a} {b}");
        }
    }
    assert_eq!(percent_of_any([].into_iter()), whole(0));
    assert_eq!(ratio(0, 5), whole(0));
}

#[test]
fn quotients_of_sums_are_those_of_plain_arithmetic() {
    let huge = Rational::from_integer(Integer::one() << 90u32);
    let wide = huge.recip() * whole(7);
    let numbers =
        [whole(0), whole(1), whole(3) / whole(7), whole(5) / whole(14), whole(u64::MAX), huge, wide];
    let pairs = || numbers.iter().flat_map(|a| numbers.iter().map(move |b| (a, b)));
    for ((a, b), c) in pairs().flat_map(|pair| numbers.iter().map(move |c| (pair, c))) {
        let plain = (!(c + a).is_zero()).then(|| (a * b + b * c) / (c + a));
        assert_eq!(quotient_of_sums(&[[a, b], [b, c]], [c, a]), plain, "{a} {b} {c}");
    }
    assert_eq!(quotient_of_sums::<1, 1>(&[], [&whole(2)]), Some(whole(0)));
}

proptest::proptest! {
    /// What fits into machine words is rounded as anything else is.
    #[test]
    fn small_numbers_are_rounded_as_large_ones_are(numerator: i64, denominator in 1u64.., decimals in 0u32..19) {
        let value = Rational::new(Integer::from(numerator), Integer::from(denominator));
        for value in [&value, &Rational::new(value.numer() % 1_000, Integer::from(denominator % 16 + 1))] {
            if let Some(small) = small_rounded(value, decimals) {
                proptest::prop_assert_eq!(Integer::from(small), rounded_of(value, decimals));
            }
        }
    }
}
