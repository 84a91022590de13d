//! Protobuf fields, read more strictly than protobuf asks.
//!
//! Fields may come in any order, but none unknown, none twice, none of another wire type, and varints only minimal
//! and up to 2^53 - 1. Whatever passes decodes to the same values with every protobuf library.

use crate::limits::SAFE_INTEGER_MAX;

/// Tags of fields 1..15 take one byte; ours are all below.
const TAG_MAX: u8 = 127;

/// A minimal varint up to 2^53 - 1 has at most this many bytes.
const VARINT_BYTES_MAX: usize = 8;

const WIRE_VARINT: u8 = 0;
const WIRE_BYTES: u8 = 2;

/// Value of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 2.
    Bytes(&'a [u8]),
}

/// Goes through the fields of one message.
pub struct FieldReader<'a> {
    rest: &'a [u8],
    seen: u16,
    /// Number of the field that may come more than once; 0 when there is none.
    repeated_field: u8,
}

impl<'a> FieldReader<'a> {
    /// A reader at the message's first byte.
    pub fn new(message: &'a [u8], repeated_field: u8) -> Self {
        Self {
            rest: message,
            seen: 0,
            repeated_field,
        }
    }

    /// The next field with its number; `None` at the end.
    ///
    /// # Errors
    /// [`MalformedField`] when a field is doubled, cut off, not minimal or of a wire type that we have none of.
    #[inline]
    pub fn next(&mut self) -> Result<Option<(u8, Value<'a>)>, MalformedField> {
        let Some((&tag, rest)) = self.rest.split_first() else {
            return Ok(None);
        };
        // A tag of two bytes is of a field that we have none of, or not minimal.
        if tag > TAG_MAX {
            return Err(MalformedField);
        }
        self.rest = rest;
        let field = tag >> 3;
        self.refuse_doubled(field)?;
        let value = match tag & 7 {
            WIRE_VARINT => Value::Varint(self.varint()?),
            WIRE_BYTES => Value::Bytes(self.bytes()?),
            _ => return Err(MalformedField),
        };
        Ok(Some((field, value)))
    }

    fn refuse_doubled(&mut self, field: u8) -> Result<(), MalformedField> {
        let bit = 1_u16 << field;
        if self.seen & bit != 0 && field != self.repeated_field {
            return Err(MalformedField);
        }
        self.seen |= bit;
        Ok(())
    }

    fn bytes(&mut self) -> Result<&'a [u8], MalformedField> {
        let length = usize::try_from(self.varint()?).map_err(|_| MalformedField)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(MalformedField)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, MalformedField> {
        let (value, rest) = take_varint(self.rest).ok_or(MalformedField)?;
        self.rest = rest;
        Ok(value)
    }
}

/// Values of a message of varints only, by field number less one, in the order in which every encoder writes them:
/// each field at most once, the lower number first, and a zero left out. `None` for any other message, well-formed or
/// not: [`FieldReader`] knows. A reading costs a third of what it costs there.
#[inline]
pub fn ascending_varints<const N: usize>(message: &[u8]) -> Option<[u64; N]> {
    let mut values = [0; N];
    let mut rest = message;
    let mut last_field = 0;
    while let Some((&tag, after_tag)) = rest.split_first() {
        let field = usize::from(tag >> 3);
        if tag & 7 != WIRE_VARINT || tag > TAG_MAX || field <= last_field {
            return None;
        }
        (*values.get_mut(field - 1)?, rest) = take_varint(after_tag)?;
        last_field = field;
    }
    Some(values)
}

/// A minimal varint up to 2^53 - 1, and what stands behind it.
#[inline]
fn take_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (value, length) = match bytes.split_first_chunk::<VARINT_BYTES_MAX>() {
        Some((eight, _)) => varint_in_word(u64::from_le_bytes(*eight))?,
        None => varint_near_end(bytes)?,
    };
    let is_minimal = length == 1 || bytes[length - 1] != 0;
    (is_minimal && value <= SAFE_INTEGER_MAX).then(|| (value, &bytes[length..]))
}

/// A varint and its length from eight bytes at once, the first of them lowest; `None` when it does not end in them.
#[inline]
fn varint_in_word(word: u64) -> Option<(u64, usize)> {
    const CONTINUED: u64 = 0x8080_8080_8080_8080;
    let last = !word & CONTINUED;
    if last == 0 {
        return None;
    }
    // Bits up to and with the last byte's highest one, which is zero itself.
    let own = last ^ (last - 1);
    let groups = word & own & !CONTINUED;
    // Groups of 7 bits become groups of 14, 28 and 56.
    let pairs = (groups & 0x007f_007f_007f_007f) | ((groups & 0x7f00_7f00_7f00_7f00) >> 1);
    let quads = (pairs & 0x0000_3fff_0000_3fff) | ((pairs & 0x3fff_0000_3fff_0000) >> 2);
    let value = (quads & 0x0fff_ffff) | ((quads & 0x0fff_ffff_0000_0000) >> 4);
    Some((value, last.trailing_zeros() as usize / 8 + 1))
}

/// As [`varint_in_word`], where there are fewer than eight bytes.
fn varint_near_end(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (index, &byte) in bytes.iter().take(VARINT_BYTES_MAX).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Some((value, index + 1));
        }
    }
    None
}

/// The bytes are not fields that we know how to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedField;

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(message: &[u8]) -> Result<Vec<(u8, Value<'_>)>, MalformedField> {
        let mut reader = FieldReader::new(message, 5);
        let mut fields = Vec::new();
        while let Some(field) = reader.next()? {
            fields.push(field);
        }
        Ok(fields)
    }

    #[test]
    fn reads_fields_in_any_order() {
        assert_eq!(
            fields(&[0x12, 1, 7, 0x08, 0x96, 0x01]),
            Ok(vec![(2, Value::Bytes(&[7])), (1, Value::Varint(150))])
        );
    }

    #[test]
    fn reads_the_repeated_field_twice_and_no_other() {
        assert!(fields(&[0x2a, 0, 0x2a, 0]).is_ok());
        assert_eq!(fields(&[0x08, 1, 0x08, 1]), Err(MalformedField));
    }

    #[test]
    fn refuses_varints_that_are_long_large_or_cut_off() {
        let safe_max = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
        assert_eq!(
            fields(&safe_max),
            Ok(vec![(1, Value::Varint(SAFE_INTEGER_MAX))])
        );
        let beyond = [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
        for refused in [
            &beyond[..],
            &[0x08, 0x80, 0x00],
            &[0x08, 0x80],
            &[0x08],
            &[0x88, 0x00, 1],
        ] {
            assert_eq!(fields(refused), Err(MalformedField), "{refused:02x?}");
        }
    }

    #[test]
    fn a_varint_is_the_same_eight_bytes_at_once_and_byte_by_byte() {
        let mut word = 1_u64;
        for _ in 0..100_000 {
            // Xorshift: the bytes that continue a varint come in all numbers.
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            let bytes = (word & (word << 3)).to_le_bytes();
            assert_eq!(
                varint_in_word(u64::from_le_bytes(bytes)),
                varint_near_end(&bytes),
                "{bytes:02x?}"
            );
        }
        assert_eq!(varint_in_word(u64::MAX), None);
        assert_eq!(
            varint_in_word(u64::MAX >> 1),
            Some(((1 << 56) - 1, VARINT_BYTES_MAX))
        );
    }

    #[test]
    fn reads_ascending_varints_and_leaves_the_rest_to_the_reader() {
        assert_eq!(ascending_varints(&[]), Some([0, 0]));
        assert_eq!(
            ascending_varints(&[0x08, 0x96, 0x01, 0x10, 7]),
            Some([150, 7])
        );
        assert_eq!(ascending_varints(&[0x10, 7]), Some([0, 7]));
        for other in [
            &[0x10, 7, 0x08, 1][..], // The higher number first.
            &[0x08, 1, 0x08, 1],     // Twice.
            &[0x18, 1],              // A number that there is not.
            &[0x00, 1],              // Number 0.
            &[0x12, 1, 7],           // Bytes.
            &[0x88, 0x00, 1],        // A tag that is not minimal.
            &[0x08, 0x80, 0x00],     // A value that is not.
            &[0x08],
        ] {
            assert_eq!(ascending_varints::<2>(other), None, "{other:02x?}");
        }
    }

    #[test]
    fn refuses_lengths_beyond_the_message_and_other_wire_types() {
        for refused in [
            &[0x12, 2, 7][..],
            &[0x0d, 0, 0, 0, 0],
            &[0x09, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x0b, 0x0c],
        ] {
            assert_eq!(fields(refused), Err(MalformedField), "{refused:02x?}");
        }
    }
}
