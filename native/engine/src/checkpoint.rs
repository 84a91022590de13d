//! What the engine remembered of its devices at the start of a segment, so that the segments before it may go.
//!
//! ```text
//! file <first seq of the segment>.state, little-endian:
//! version u32, seq u64, devices u32
//! device:  id text, bootEpoch u32, nextSeq u64, last point, gaps u8, recent u8, badSignatures u32, isQuarantined u8,
//!          then its gaps (fromSeq u64, toSeq u64, before point, after point) and recent (bootEpoch u32, firstSeq u64,
//!          hash 32 bytes), oldest first
//! point:   hash 32 bytes, measuredAt u64, importWh u64, exportWh u64
//! crc32c u32 over all before it
//! ```
//!
//! It is durable before a segment is removed, and a torn one is one that no segment was removed for.

use crate::device::{ChainPoint, DeviceState, Gap, RecentEnvelope};
use crate::error::EngineError;
use crate::frame::{Pack, Unpacker};
use crate::limits::{GAPS_MAX, REPLAY_WINDOW_ENVELOPES};
use crate::wal::{AppendFile, Disk, io_error, write_error};

const VERSION: u32 = 1;

/// Devices with their states before the record `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkpoint {
    pub seq: u64,
    pub devices: Vec<(String, DeviceState)>,
}

impl Checkpoint {
    /// The newest checkpoint that is whole; the empty one of record 0 when there is none.
    ///
    /// # Errors
    /// `WAL_IO` when the disk cannot be read.
    pub fn newest<D: Disk>(disk: &D) -> Result<Self, EngineError> {
        Self::newest_until(disk, u64::MAX)
    }

    /// As [`Checkpoint::newest`], of those for a record up to `last_seq`. A newer one may be there already whose
    /// segments are still to be removed.
    ///
    /// # Errors
    /// `WAL_IO` when the disk cannot be read.
    pub fn newest_until<D: Disk>(disk: &D, last_seq: u64) -> Result<Self, EngineError> {
        let names = disk.list().map_err(|source| io_error("listed", source))?;
        let seqs = names.iter().filter_map(|name| seq_of(name));
        let mut seqs: Vec<u64> = seqs.filter(|&seq| seq <= last_seq).collect();
        seqs.sort_unstable();
        for seq in seqs.into_iter().rev() {
            let bytes = disk
                .read(&name_of(seq))
                .map_err(|source| io_error("read", source))?
                .unwrap_or_default();
            if let Some(checkpoint) = Self::decode(&bytes).filter(|found| found.seq == seq) {
                return Ok(checkpoint);
            }
        }
        Ok(Self::default())
    }

    /// Makes it durable under its own name.
    ///
    /// # Errors
    /// `WAL_FULL` or `WAL_IO`; the log is as it was, and what was written is no checkpoint.
    pub fn write<D: Disk>(&self, disk: &D) -> Result<(), EngineError> {
        let failed = |source| write_error("given a checkpoint", source);
        let name = name_of(self.seq);
        // What an earlier attempt left there is not whole.
        disk.remove(&name).map_err(failed)?;
        let mut file = disk.open_append(&name).map_err(failed)?;
        file.append(&self.encode()).map_err(failed)?;
        file.sync().map_err(failed)?;
        disk.sync_directory().map_err(failed)
    }

    /// Makes a checkpoint that was found durable, before what it stands for is removed: the process that wrote it may
    /// have died before its sync.
    ///
    /// # Errors
    /// `WAL_IO` when the disk refuses.
    pub fn settle<D: Disk>(&self, disk: &D) -> Result<(), EngineError> {
        if self.seq == 0 {
            return Ok(());
        }
        let failed = |source| io_error("given a checkpoint", source);
        let name = name_of(self.seq);
        disk.write_at(&name, 0, &self.encode()).map_err(failed)?;
        disk.open_append(&name)
            .and_then(|mut file| file.sync())
            .map_err(failed)?;
        disk.sync_directory().map_err(failed)
    }

    /// Removes all other checkpoints.
    ///
    /// # Errors
    /// `WAL_IO` when the disk refuses.
    pub fn remove_others<D: Disk>(disk: &D, seq: u64) -> Result<(), EngineError> {
        let names = disk.list().map_err(|source| io_error("listed", source))?;
        for name in names {
            if seq_of(&name).is_some_and(|other| other != seq) {
                disk.remove(&name)
                    .map_err(|source| io_error("rid of a checkpoint", source))?;
            }
        }
        Ok(())
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = VERSION.to_le_bytes().to_vec();
        bytes.pack_u64(self.seq);
        bytes.pack_u32(self.devices.len());
        for (id, state) in &self.devices {
            bytes.pack_text(id);
            pack_state(&mut bytes, state);
        }
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (content, checksum) = bytes.split_last_chunk::<4>()?;
        if crc32c::crc32c(content) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let mut unpacker = Unpacker::new(content);
        if unpacker.u32()? != VERSION {
            return None;
        }
        let seq = unpacker.u64()?;
        let devices = (0..unpacker.u32()?)
            .map(|_| Some((unpacker.text()?.to_owned(), unpack_state(&mut unpacker)?)))
            .collect::<Option<Vec<_>>>()?;
        unpacker.is_at_end().then_some(Self { seq, devices })
    }
}

fn name_of(seq: u64) -> String {
    format!("{seq:020}.state")
}

fn seq_of(name: &str) -> Option<u64> {
    let seq = name.strip_suffix(".state")?.parse().ok()?;
    (name_of(seq) == name).then_some(seq)
}

fn pack_state(bytes: &mut Vec<u8>, state: &DeviceState) {
    bytes.extend_from_slice(&state.boot_epoch.to_le_bytes());
    bytes.pack_u64(state.next_seq);
    pack_point(bytes, &state.last);
    // Both are bounded far below 256.
    bytes.push(u8::try_from(state.gaps.len()).unwrap_or(u8::MAX));
    bytes.push(u8::try_from(state.recent.len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(&state.bad_signatures.to_le_bytes());
    bytes.push(u8::from(state.is_quarantined));
    for gap in &state.gaps {
        bytes.pack_u64(gap.from_seq);
        bytes.pack_u64(gap.to_seq);
        pack_point(bytes, &gap.before);
        pack_point(bytes, &gap.after);
    }
    for recent in &state.recent {
        bytes.extend_from_slice(&recent.boot_epoch.to_le_bytes());
        bytes.pack_u64(recent.first_seq);
        bytes.extend_from_slice(&recent.hash);
    }
}

fn pack_point(bytes: &mut Vec<u8>, point: &ChainPoint) {
    bytes.extend_from_slice(&point.hash);
    bytes.pack_u64(point.measured_at_unix_ms);
    bytes.pack_u64(point.import_wh);
    bytes.pack_u64(point.export_wh);
}

fn unpack_state(unpacker: &mut Unpacker<'_>) -> Option<DeviceState> {
    let boot_epoch = unpacker.u32()?;
    let next_seq = unpacker.u64()?;
    let last = unpack_point(unpacker)?;
    let [gaps, recent] = *unpacker.array()?;
    if usize::from(gaps) > GAPS_MAX || usize::from(recent) > REPLAY_WINDOW_ENVELOPES {
        return None;
    }
    let bad_signatures = unpacker.u32()?;
    let [is_quarantined] = *unpacker.array()?;
    let gaps = (0..gaps)
        .map(|_| unpack_gap(unpacker))
        .collect::<Option<_>>()?;
    let recent = (0..recent)
        .map(|_| unpack_recent(unpacker))
        .collect::<Option<_>>()?;
    Some(DeviceState {
        boot_epoch,
        next_seq,
        last,
        gaps,
        recent,
        bad_signatures,
        is_quarantined: is_quarantined != 0,
    })
}

fn unpack_point(unpacker: &mut Unpacker<'_>) -> Option<ChainPoint> {
    Some(ChainPoint {
        hash: *unpacker.array()?,
        measured_at_unix_ms: unpacker.u64()?,
        import_wh: unpacker.u64()?,
        export_wh: unpacker.u64()?,
    })
}

fn unpack_gap(unpacker: &mut Unpacker<'_>) -> Option<Gap> {
    Some(Gap {
        from_seq: unpacker.u64()?,
        to_seq: unpacker.u64()?,
        before: unpack_point(unpacker)?,
        after: unpack_point(unpacker)?,
    })
}

fn unpack_recent(unpacker: &mut Unpacker<'_>) -> Option<RecentEnvelope> {
    Some(RecentEnvelope {
        boot_epoch: unpacker.u32()?,
        first_seq: unpacker.u64()?,
        hash: *unpacker.array()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Reading;

    fn point(number: u8) -> ChainPoint {
        let reading = Reading {
            measured_at_unix_ms: number.into(),
            power_w: 0,
            import_wh: 7,
            export_wh: 9,
        };
        ChainPoint::new(&reading, [number; 32])
    }

    fn checkpoint() -> Checkpoint {
        let gap = Gap {
            from_seq: 3,
            to_seq: 5,
            before: point(1),
            after: point(2),
        };
        let recent = RecentEnvelope {
            boot_epoch: 2,
            first_seq: 5,
            hash: [3; 32],
        };
        let state = DeviceState {
            boot_epoch: 2,
            next_seq: 6,
            last: point(4),
            gaps: vec![gap; GAPS_MAX],
            recent: [recent; REPLAY_WINDOW_ENVELOPES].into(),
            bad_signatures: 16,
            is_quarantined: true,
        };
        Checkpoint {
            seq: 1_000,
            devices: vec![
                ("home-1".into(), state),
                ("home-2".into(), DeviceState::default()),
            ],
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        let checkpoint = checkpoint();
        assert_eq!(Checkpoint::decode(&checkpoint.encode()), Some(checkpoint));
    }

    #[test]
    fn writes_the_bytes_that_the_typescript_engine_reads() {
        let mut checkpoint = checkpoint();
        let state = &mut checkpoint.devices[0].1;
        state.gaps.truncate(1);
        state.recent.truncate(1);
        let text = include_str!("../tests/state-checkpoint.hex").trim();
        let expected: Vec<u8> = (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits"))
            .collect();
        assert_eq!(checkpoint.encode(), expected);
    }

    #[test]
    fn any_changed_bit_and_any_cut_makes_it_none() {
        let bytes = checkpoint().encode();
        for bit in (0..bytes.len() * 8).step_by(7) {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Checkpoint::decode(&changed), None, "bit {bit}");
        }
        for length in (0..bytes.len()).step_by(11) {
            assert_eq!(Checkpoint::decode(&bytes[..length]), None, "{length} bytes");
        }
    }
}
