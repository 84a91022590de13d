//! Bytes of the log, the same that `@gridpact/host`'s journal and the TypeScript engine write; little-endian.
//!
//! ```text
//! 0        4        8     16              24        25           33       34
//! | length | crc32c | seq | groupFirstSeq | verdict | receivedAt | idSize | deviceId | SignedEnvelope |
//! ```
//!
//! `length` counts from byte 24; the checksum covers everything after itself. `groupFirstSeq` is the number of the
//! first record written with this one before one sync: a whole record of a *later* group proves that a damaged one
//! before it had been synced, so that it is no torn tail.

use crate::limits::REJECTED_BYTES_MAX;
use crate::verdict::Verdict;

/// Bytes of a record before its payload.
pub const RECORD_HEADER_BYTES: usize = 24;

/// Bytes of a payload before the device id.
const ENTRY_HEADER_BYTES: usize = 10;

/// A length beyond this is damage, not a record.
pub const RECORD_PAYLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An envelope as it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    pub verdict: u8,
    pub received_at_unix_ms: u64,
    pub device_id: &'a str,
    pub bytes: &'a [u8],
}

/// Records written together before one sync.
#[derive(Debug)]
pub struct Group {
    first_seq: u64,
    end_seq: u64,
    bytes: Vec<u8>,
}

impl Group {
    /// An empty group, in the memory of one that is not needed any more.
    pub fn new(first_seq: u64, mut memory: Vec<u8>) -> Self {
        memory.clear();
        Self {
            first_seq,
            end_seq: first_seq,
            bytes: memory,
        }
    }

    /// Its memory, for another group.
    pub fn into_memory(self) -> Vec<u8> {
        self.bytes
    }

    /// Adds an entry and returns its number; of a rejected envelope only the first 4 KiB are kept.
    pub fn push(&mut self, entry: &Entry<'_>) -> u64 {
        let seq = self.end_seq;
        let is_accepted = entry.verdict == Verdict::Accepted.code();
        let kept = if is_accepted {
            entry.bytes.len()
        } else {
            entry.bytes.len().min(REJECTED_BYTES_MAX)
        };
        // Both fit: the caller bounds ids at 64 bytes and envelopes by what one batch may hold.
        let id_length = u8::try_from(entry.device_id.len()).unwrap_or(u8::MAX);
        let payload_length = ENTRY_HEADER_BYTES + usize::from(id_length) + kept;
        let start = self.bytes.len();
        let mut header = [0; RECORD_HEADER_BYTES];
        let length = u32::try_from(payload_length).unwrap_or(u32::MAX);
        header[..4].copy_from_slice(&length.to_le_bytes());
        header[8..16].copy_from_slice(&seq.to_le_bytes());
        header[16..].copy_from_slice(&self.first_seq.to_le_bytes());
        self.bytes.reserve(RECORD_HEADER_BYTES + payload_length);
        self.bytes.extend_from_slice(&header);
        self.bytes.push(entry.verdict);
        self.bytes
            .extend_from_slice(&entry.received_at_unix_ms.to_le_bytes());
        self.bytes.push(id_length);
        self.bytes
            .extend_from_slice(&entry.device_id.as_bytes()[..usize::from(id_length)]);
        self.bytes.extend_from_slice(&entry.bytes[..kept]);
        let checksum = crc32c::crc32c(&self.bytes[start + 8..]);
        self.bytes[start + 4..start + 8].copy_from_slice(&checksum.to_le_bytes());
        self.end_seq += 1;
        seq
    }

    pub fn first_seq(&self) -> u64 {
        self.first_seq
    }

    pub fn end_seq(&self) -> u64 {
        self.end_seq
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A whole, undamaged record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub seq: u64,
    pub group_first_seq: u64,
    pub payload: &'a [u8],
}

/// The record at an offset, or `None` when no whole, undamaged one starts there.
pub fn record_at(bytes: &[u8], offset: usize) -> Option<Record<'_>> {
    let (header, rest) = bytes
        .get(offset..)?
        .split_first_chunk::<RECORD_HEADER_BYTES>()?;
    let length = usize::try_from(u32_at(header, 0))
        .ok()
        .filter(|&length| length <= RECORD_PAYLOAD_BYTES_MAX)?;
    let payload = rest.get(..length)?;
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&header[8..]), payload);
    let record = Record {
        seq: u64_at(header, 8),
        group_first_seq: u64_at(header, 16),
        payload,
    };
    (checksum == u32_at(header, 4)).then_some(record)
}

/// `groupFirstSeq` of what might be a record at an offset, without a look at its checksum.
pub fn group_first_seq_at(bytes: &[u8], offset: usize) -> Option<u64> {
    let (header, _) = bytes
        .get(offset..)?
        .split_first_chunk::<RECORD_HEADER_BYTES>()?;
    Some(u64_at(header, 16))
}

/// The entry in a record's payload, or `None` when an engine cannot have written it.
pub fn parse_entry(payload: &[u8]) -> Option<Entry<'_>> {
    let (header, rest) = payload.split_first_chunk::<ENTRY_HEADER_BYTES>()?;
    let (device_id, bytes) = rest.split_at_checked(usize::from(header[9]))?;
    let device_id = std::str::from_utf8(device_id).ok()?;
    Some(Entry {
        verdict: header[0],
        received_at_unix_ms: u64_at(header, 1),
        device_id,
        bytes,
    })
}

fn u32_at<const N: usize>(header: &[u8; N], at: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    u32::from_le_bytes(bytes)
}

fn u64_at<const N: usize>(header: &[u8; N], at: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&header[at..at + 8]);
    u64::from_le_bytes(bytes)
}
