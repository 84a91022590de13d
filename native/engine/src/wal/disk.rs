//! The disk as a parameter, so that tests can own its failures.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

/// A directory of files.
pub trait Disk: Send {
    /// A file that only grows, but for the cut of a torn tail.
    type File: AppendFile;

    /// Opens for appending; makes the file, durably in its directory, if it is missing.
    ///
    /// # Errors
    /// What the operating system says.
    fn open_append(&self, name: &str) -> io::Result<Self::File>;

    /// Whole content, or `None` when there is no such file.
    ///
    /// # Errors
    /// What the operating system says.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// Names of the files, in any order; none when there is no such directory.
    ///
    /// # Errors
    /// What the operating system says.
    fn list(&self) -> io::Result<Vec<String>>;
}

/// A file that only grows, but for the cut of a torn tail.
pub trait AppendFile: Send {
    /// Size, with what is not synced yet.
    fn size_bytes(&self) -> u64;

    /// Writes at the end; on failure a part may have been written.
    ///
    /// # Errors
    /// What the operating system says.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns when everything appended is on stable storage.
    ///
    /// # Errors
    /// What the operating system says; fatal for the file, as the next sync may say nothing of the loss.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file, durably.
    ///
    /// # Errors
    /// What the operating system says.
    fn truncate(&mut self, size_bytes: u64) -> io::Result<()>;
}

/// A directory of the machine's file system. New files are readable by their owner only.
#[derive(Debug, Clone)]
pub struct FileDisk {
    directory: PathBuf,
}

impl FileDisk {
    /// The directory is made when the first file is.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
        }
    }
}

impl Disk for FileDisk {
    type File = AppendOnly;

    fn open_append(&self, name: &str) -> io::Result<AppendOnly> {
        fs::create_dir_all(&self.directory)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.directory.join(name))?;
        // A new name is durable only once its directory is.
        #[cfg(unix)]
        File::open(&self.directory)?.sync_all()?;
        let size_bytes = file.metadata()?.len();
        Ok(AppendOnly { file, size_bytes })
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.directory.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }
}

/// A file of a [`FileDisk`].
#[derive(Debug)]
pub struct AppendOnly {
    file: File,
    size_bytes: u64,
}

impl AppendFile for AppendOnly {
    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn truncate(&mut self, size_bytes: u64) -> io::Result<()> {
        self.file.set_len(size_bytes)?;
        self.file.sync_data()?;
        self.size_bytes = size_bytes;
        Ok(())
    }
}
