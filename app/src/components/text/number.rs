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

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn three_digits_stand_together() {
        let all: Vec<String> = [0_u32, 7, 999, 1_000, 20_000, 999_999, 1_000_000].map(number).into();
        assert_eq!(all, ["0", "7", "999", "1,000", "20,000", "999,999", "1,000,000"]);
    }
}
