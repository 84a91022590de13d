//! Where an envelope stands in its device's sequence.
//!
//! ```text
//! accepted 0..9   next = 10          [10,12): next   [14,16): gap [10,14) opens   [12,14): fills a part of that gap
//! ```

use crate::device::{ChainPoint, DeviceState, Gap};
use crate::envelope::{Envelope, Hash, Reading};
use crate::verdict::Verdict;

/// Place of an envelope that belongs somewhere; by default one of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placement {
    pub is_after_gap: bool,
    /// Of the same boot epoch as the reading before it, so that their registers can be subtracted.
    pub is_continuous: bool,
    /// The gap that the envelope fills, wholly or in part; `None` when it is the newest.
    pub gap: Option<Gap>,
    /// Registers and time must lie between these.
    pub before: ChainPoint,
    pub after: Option<ChainPoint>,
}

/// Says where an envelope belongs, or why it belongs nowhere: stale or chain broken.
pub fn place_envelope(
    state: &DeviceState,
    envelope: &Envelope<'_>,
    hash: &Hash,
) -> Result<Placement, Verdict> {
    if envelope.boot_epoch < state.boot_epoch {
        return Err(Verdict::Stale);
    }
    if envelope.boot_epoch > state.boot_epoch {
        return Ok(place_in_new_epoch(state, envelope));
    }
    if envelope.first_seq < state.next_seq {
        return place_in_gap(state, envelope, hash);
    }
    let is_after_gap = envelope.first_seq > state.next_seq;
    if !is_after_gap && *envelope.previous_hash != state.last.hash {
        return Err(Verdict::ChainBroken);
    }
    Ok(Placement {
        is_after_gap,
        is_continuous: true,
        gap: None,
        before: state.last,
        after: None,
    })
}

/// Refuses readings that do not fit between their neighbours: register decreased or clock skew. A register may stand
/// still, as that of exports does all night; time may not.
pub fn check_bounds(placement: &Placement, readings: &[Reading]) -> Result<(), Verdict> {
    let Placement { before, after, .. } = placement;
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return Err(Verdict::Malformed);
    };
    if first.import_wh < before.import_wh || first.export_wh < before.export_wh {
        return Err(Verdict::RegisterDecreased);
    }
    if after
        .is_some_and(|after| last.import_wh > after.import_wh || last.export_wh > after.export_wh)
    {
        return Err(Verdict::RegisterDecreased);
    }
    let is_early = first.measured_at_unix_ms <= before.measured_at_unix_ms;
    if is_early || after.is_some_and(|after| last.measured_at_unix_ms >= after.measured_at_unix_ms)
    {
        return Err(Verdict::ClockSkew);
    }
    Ok(())
}

/// Records an accepted envelope, whose readings are never none, in its device's state.
pub fn advance_state(
    state: &mut DeviceState,
    envelope: &Envelope<'_>,
    readings: &[Reading],
    placement: &Placement,
    hash: Hash,
) {
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return;
    };
    state.remember_recent(envelope, hash);
    // Bound for whatever comes before the envelope: its first reading, and the hash it claims.
    let front = ChainPoint::new(first, *envelope.previous_hash);
    let back = ChainPoint::new(last, hash);
    if let Some(gap) = placement.gap {
        return split_gap(state, &gap, envelope, [front, back]);
    }
    if envelope.boot_epoch > state.boot_epoch {
        state.boot_epoch = envelope.boot_epoch;
        state.next_seq = 0;
        state.gaps.clear();
    }
    let Placement { before, .. } = *placement;
    state.remember_gap(Gap {
        from_seq: state.next_seq,
        to_seq: envelope.first_seq,
        before,
        after: front,
    });
    state.next_seq = envelope.end_seq();
    state.last = back;
}

/// Leaves of a gap what the filler does not fill: nothing, one piece, or one on each side.
fn split_gap(
    state: &mut DeviceState,
    gap: &Gap,
    filler: &Envelope<'_>,
    [front, back]: [ChainPoint; 2],
) {
    state.gaps.retain(|known| known != gap);
    state.remember_gap(Gap {
        to_seq: filler.first_seq,
        after: front,
        ..*gap
    });
    state.remember_gap(Gap {
        from_seq: filler.end_seq(),
        before: back,
        ..*gap
    });
}

fn place_in_new_epoch(state: &DeviceState, envelope: &Envelope<'_>) -> Placement {
    // A device that lost its sequence state cannot know its last hash: accepted, but the break is on record.
    let is_after_gap = envelope.first_seq > 0 || *envelope.previous_hash != state.last.hash;
    // Registers may start anew in a new epoch; time never runs backwards.
    let before = ChainPoint {
        import_wh: 0,
        export_wh: 0,
        ..state.last
    };
    Placement {
        is_after_gap,
        is_continuous: false,
        gap: None,
        before,
        after: None,
    }
}

fn place_in_gap(
    state: &DeviceState,
    envelope: &Envelope<'_>,
    hash: &Hash,
) -> Result<Placement, Verdict> {
    let (first, end) = (envelope.first_seq, envelope.end_seq());
    let holds = |gap: &&Gap| gap.from_seq <= first && end <= gap.to_seq;
    // In part beside a gap: some of its readings are stored already, perhaps with other values.
    let gap = *state.gaps.iter().find(holds).ok_or(Verdict::Stale)?;
    // What came before number 0 is another epoch's, of which the device need not know.
    let is_at_front = first == gap.from_seq && first > 0;
    let breaks_front = is_at_front && *envelope.previous_hash != gap.before.hash;
    let breaks_back = end == gap.to_seq && *hash != gap.after.hash;
    if breaks_front || breaks_back {
        return Err(Verdict::ChainBroken);
    }
    let Gap { before, after, .. } = gap;
    Ok(Placement {
        is_after_gap: false,
        is_continuous: false,
        gap: Some(gap),
        before,
        after: Some(after),
    })
}
