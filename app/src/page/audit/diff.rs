//! Where two texts differ, word by word.

/// A stretch of a text, and whether the other text has it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub text: String,
    pub common: bool,
}

/// The longest table that is filled in to find what two texts have in common; past it, only their beginnings and ends
/// are compared.
const MOST_CELLS: usize = 400_000;

/// Both texts in stretches. Words are compared, not letters: half a word, or half a sign of many scripts, says little.
pub fn compare(before: &str, after: &str) -> [Vec<Stretch>; 2] {
    let (old, new) = (words(before), words(after));
    let (kept_old, kept_new) = kept(&old, &new);
    [stretches(&old, kept_old), stretches(&new, kept_new)]
}

/// Whether it stands between words.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// The text cut where words begin and end; what stands between words is a piece as well.
fn words(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let gap = is_gap(first);
        let end = rest.find(|c| is_gap(c) != gap).unwrap_or(rest.len());
        let (piece, left) = rest.split_at(end);
        pieces.push(piece);
        rest = left;
    }
    pieces
}

/// Of each piece, whether it is part of the longest sequence that both have.
fn kept(old: &[&str], new: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let begin = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[begin..], &new[begin..]);
    let backwards = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = backwards.take_while(|(a, b)| a == b).count();
    let old_rest = &old_rest[..old_rest.len() - end];
    let new_rest = &new_rest[..new_rest.len() - end];
    let (old_middle, new_middle) = if old_rest.len() * new_rest.len() <= MOST_CELLS {
        longest_common(old_rest, new_rest)
    } else {
        (vec![false; old_rest.len()], vec![false; new_rest.len()])
    };
    let whole = |middle: Vec<bool>| [vec![true; begin], middle, vec![true; end]].concat();
    (whole(old_middle), whole(new_middle))
}

/// The same by the textbook: a table of how much is common from each pair of places to the ends.
fn longest_common(old: &[&str], new: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut kept_old, mut kept_new) = (vec![false; old.len()], vec![false; new.len()]);
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            (kept_old[i], kept_new[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (kept_old, kept_new)
}

/// Neighbours of one kind joined. A gap between two words that differ goes with them.
fn stretches(pieces: &[&str], mut kept: Vec<bool>) -> Vec<Stretch> {
    for index in 1..pieces.len().saturating_sub(1) {
        if pieces[index].chars().all(is_gap) && !kept[index - 1] && !kept[index + 1] {
            kept[index] = false;
        }
    }
    let mut joined: Vec<Stretch> = Vec::new();
    for (piece, common) in pieces.iter().zip(kept) {
        match joined.last_mut() {
            Some(last) if last.common == common => last.text.push_str(piece),
            _ => joined.push(Stretch {
                text: (*piece).to_owned(),
                common,
            }),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text with what the other does not have in brackets.
    fn marked(stretches: &[Stretch]) -> String {
        let mark = |stretch: &Stretch| {
            if stretch.common {
                stretch.text.clone()
            } else {
                format!("[{}]", stretch.text)
            }
        };
        stretches.iter().map(mark).collect()
    }

    #[test]
    fn words_that_differ_are_marked_and_gaps_between_them_with_them() {
        for (before, after, old, new) in [
            ("Robot 1", "Robot 2", "Robot [1]", "Robot [2]"),
            ("a b c", "x y c", "[a b] c", "[x y] c"),
            ("", "new", "", "[new]"),
            ("same", "same", "same", "same"),
            (
                "MOD-0478 Billing, MOD-0479 Catalog",
                "MOD-0478 Billing",
                "MOD-0478 Billing[, MOD-0479 Catalog]",
                "MOD-0478 Billing",
            ),
            ("one two three", "one three", "one [two ]three", "one three"),
            ("שלום עולם", "שלום רובוט", "שלום [עולם]", "שלום [רובוט]"),
        ] {
            let [first, second] = compare(before, after);
            assert_eq!((marked(&first), marked(&second)), (old.into(), new.into()));
        }
    }

    #[test]
    fn texts_too_long_to_compare_in_full_are_still_compared_at_their_ends() {
        let text = |word: &str| format!("begin {} end", format!("{word} ").repeat(2_000));
        let [old, new] = compare(&text("a"), &text("b"));
        for stretches in [&old, &new] {
            let common: Vec<_> = stretches.iter().map(|stretch| stretch.common).collect();
            assert_eq!(common, [true, false, true]);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_both_have_the_same_in_common(before in "[ab ,]{0,30}", after in "[ab ,]{0,30}") {
            let [old, new] = compare(&before, &after);
            let whole = |stretches: &[Stretch]| stretches.iter().map(|stretch| stretch.text.as_str()).collect::<String>();
            prop_assert_eq!(whole(&old), before);
            prop_assert_eq!(whole(&new), after);
            let words = |stretches: &[Stretch]| stretches.iter().filter(|stretch| stretch.common).map(|stretch| stretch.text.replace([' ', ','], "")).collect::<String>();
            prop_assert_eq!(words(&old), words(&new));
        }
    }
}
