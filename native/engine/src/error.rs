//! Why the engine could not do its work; nothing of the batch was acknowledged then.

use std::io;
use std::sync::Arc;

/// An operating failure. Bad input is never one: it is a [`crate::Verdict`].
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    /// No room: nothing was logged, the log goes on as before, the batch may be tried again.
    #[error("the disk is full")]
    WalFull {
        /// What the operating system said; shared, as every batch of the group gets this error.
        #[source]
        source: Arc<io::Error>,
    },
    /// The log MUST NOT be used any more: after a failed sync the next one may lie.
    #[error("the write-ahead log could not be {action}: {source}")]
    WalIo {
        /// What was tried.
        action: &'static str,
        /// What the operating system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// A closed segment could not be copied into the archive, and stays in the log.
    #[error("the archive of the write-ahead log could not be {action}: {source}")]
    ArchiveIo {
        /// What was tried.
        action: &'static str,
        /// What the operating system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// A record that had been synced is damaged; nothing is ever skipped.
    #[error(
        "{segment}: damaged record at byte {offset_bytes}; restore this file from a backup, it is never skipped"
    )]
    WalDamaged {
        /// File of the log.
        segment: String,
        /// Where the first damaged record starts.
        offset_bytes: usize,
    },
    /// A record is whole, but does not follow from the records before it.
    #[error("record {wal_seq} of the write-ahead log contradicts the records before it")]
    WalContradicts {
        /// Number of the record.
        wal_seq: u64,
    },
    /// Submitted after the engine was closed, or before it was opened.
    #[error("the engine is closed")]
    Closed,
    /// The caller broke the interface's contract.
    #[error("{0}")]
    Misuse(&'static str),
}

impl EngineError {
    /// Stable code, as in `EngineFailureCode` of the TypeScript interface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WalFull { .. } => "WAL_FULL",
            Self::WalIo { .. } => "WAL_IO",
            Self::ArchiveIo { .. } => "ARCHIVE_IO",
            Self::WalDamaged { .. } | Self::WalContradicts { .. } => "WAL_DAMAGED",
            Self::Closed => "ENGINE_CLOSED",
            Self::Misuse(_) => "MISUSE",
        }
    }

    /// Whether the engine goes on after this failure.
    #[must_use]
    pub fn is_recoverable(&self) -> bool {
        matches!(
            self,
            Self::WalFull { .. } | Self::ArchiveIo { .. } | Self::Misuse(_)
        )
    }
}
