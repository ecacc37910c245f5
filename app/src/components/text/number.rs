//! Counts as both languages write them: 1,039.

/// A count with a comma before each three digits.
#[must_use]
pub fn number(count: impl TryInto<u64>) -> String {
    let digits = count.try_into().unwrap_or(u64::MAX).to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// An amount of storage, in the largest unit of which there is at least one: 12.4 MB.
#[must_use]
pub fn bytes(count: u64) -> String {
    let mut unit = "B";
    let (mut whole, mut rest) = (count, 0);
    for larger in ["kB", "MB", "GB", "TB"] {
        if whole < 1000 {
            break;
        }
        (unit, rest, whole) = (larger, whole % 1000 / 100, whole / 1000);
    }
    if unit == "B" || whole >= 100 { format!("{whole} {unit}") } else { format!("{whole}.{rest} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::{bytes, number};

    #[test]
    fn storage_has_its_unit() {
        let all: Vec<String> = [0, 999, 1_000, 12_450_000, 123_400_000, 3_400_000_000, 2_000_000_000_000].map(bytes).into();
        assert_eq!(all, ["0 B", "999 B", "1.0 kB", "12.4 MB", "123 MB", "3.4 GB", "2.0 TB"]);
    }

    #[test]
    fn three_digits_stand_together() {
        let all: Vec<String> = [0_u32, 7, 999, 1_000, 20_000, 999_999, 1_000_000].map(number).into();
        assert_eq!(all, ["0", "7", "999", "1,000", "20,000", "999,999", "1,000,000"]);
    }
}
