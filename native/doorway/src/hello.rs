//! The first bytes of a connection, before any memory is spent on it.

use std::io::ErrorKind;

use mio::net::TcpStream;

use crate::limits::HELLO_BYTES_MAX;

/// First bytes of every TLS connection: a handshake record, version 3.x. [RFC8446 s.5.1]
const HANDSHAKE_RECORD: u8 = 0x16;
const MAJOR_VERSION: u8 = 0x03;
const RECORD_HEADER_BYTES: usize = 5;

/// Longest first record, with its header.
pub const FIRST_RECORD_BYTES_MAX: usize = HELLO_BYTES_MAX;

/// What the first bytes of a connection are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstBytes {
    /// May become a `ClientHello`.
    Incomplete,
    /// A whole first record.
    Hello,
    /// No TLS, or a record beyond its bound.
    Foreign,
}

/// Looks at what has come so far, and leaves it where it lies.
pub fn look(stream: &TcpStream, room: &mut [u8]) -> FirstBytes {
    match stream.peek(room) {
        // Hung up.
        Ok(0) => FirstBytes::Foreign,
        Ok(bytes) => classify(&room[..bytes]),
        Err(error) if error.kind() == ErrorKind::WouldBlock => FirstBytes::Incomplete,
        Err(_) => FirstBytes::Foreign,
    }
}

fn classify(bytes: &[u8]) -> FirstBytes {
    let may_be_tls = bytes.iter().zip([HANDSHAKE_RECORD, MAJOR_VERSION]);
    if !may_be_tls.into_iter().all(|(&byte, wanted)| byte == wanted) {
        return FirstBytes::Foreign;
    }
    let &[_, _, _, high, low, ..] = bytes else {
        return FirstBytes::Incomplete;
    };
    let record_bytes = RECORD_HEADER_BYTES + usize::from(u16::from_be_bytes([high, low]));
    if record_bytes > FIRST_RECORD_BYTES_MAX {
        FirstBytes::Foreign
    } else if bytes.len() >= record_bytes {
        FirstBytes::Hello
    } else {
        FirstBytes::Incomplete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(body_bytes: usize) -> Vec<u8> {
        let length = u16::try_from(body_bytes).unwrap().to_be_bytes();
        let mut bytes = vec![0x16, 0x03, 0x01, length[0], length[1]];
        bytes.resize(RECORD_HEADER_BYTES + body_bytes, 1);
        bytes
    }

    #[test]
    fn takes_the_largest_first_record_and_none_beyond() {
        let largest = record(FIRST_RECORD_BYTES_MAX - RECORD_HEADER_BYTES);
        assert_eq!(classify(&largest), FirstBytes::Hello);
        let beyond = record(FIRST_RECORD_BYTES_MAX - RECORD_HEADER_BYTES + 1);
        assert_eq!(
            classify(&beyond[..RECORD_HEADER_BYTES]),
            FirstBytes::Foreign
        );
    }

    #[test]
    fn knows_other_protocols_by_their_first_bytes() {
        for bytes in [
            &b"GET / HTTP/1.1"[..],
            &[0x10],
            &[0x16, 0x02],
            &[0x17, 0x03, 0x03],
        ] {
            assert_eq!(classify(bytes), FirstBytes::Foreign);
        }
    }

    proptest! {
        #[test]
        fn every_beginning_of_a_hello_is_incomplete(body_bytes in 0_usize..2_000, cut in 0_usize..2_005) {
            let bytes = record(body_bytes);
            let cut = cut.min(bytes.len());
            let expected = if cut == bytes.len() { FirstBytes::Hello } else { FirstBytes::Incomplete };
            prop_assert_eq!(classify(&bytes[..cut]), expected);
        }
    }
}
