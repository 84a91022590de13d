//! Protobuf fields, read more strictly than protobuf asks.
//!
//! Fields may come in any order, but none unknown, none twice, none of another wire type, and varints only minimal
//! and up to 2^53 - 1. Whatever passes decodes to the same values with every protobuf library.

use crate::limits::SAFE_INTEGER_MAX;

/// Tags of fields 1..15 take one byte; ours are all below.
const TAG_MAX: u64 = 127;

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
    pub fn next(&mut self) -> Result<Option<(u8, Value<'a>)>, MalformedField> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let tag = u8::try_from(tag)
            .ok()
            .filter(|&tag| u64::from(tag) <= TAG_MAX)
            .ok_or(MalformedField)?;
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

    fn varint(&mut self) -> Result<u64, MalformedField> {
        let mut value = 0_u64;
        for (index, &byte) in self.rest.iter().take(VARINT_BYTES_MAX).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                self.rest = &self.rest[index + 1..];
                let is_minimal = byte != 0 || index == 0;
                return if is_minimal && value <= SAFE_INTEGER_MAX {
                    Ok(value)
                } else {
                    Err(MalformedField)
                };
            }
        }
        Err(MalformedField)
    }
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
