//! The disk as a parameter, so that tests can own its failures.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// A directory of files. Clones are the same directory.
pub trait Disk: Send + Clone {
    /// A file that only grows, but for the cut of a torn tail.
    type File: AppendFile;

    /// Opens for appending; makes the file if it is missing, under a name that is durable only after
    /// [`Disk::sync_directory`].
    ///
    /// # Errors
    /// What the operating system says.
    fn open_append(&self, name: &str) -> io::Result<Self::File>;

    /// Whole content, or `None` when there is no such file.
    ///
    /// # Errors
    /// What the operating system says.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// Puts at most so many bytes from a place on into `into`, in place of what it held; false when there is no such
    /// file.
    ///
    /// # Errors
    /// What the operating system says.
    fn read_at(
        &self,
        name: &str,
        offset_bytes: u64,
        bytes_max: usize,
        into: &mut Vec<u8>,
    ) -> io::Result<bool> {
        into.clear();
        let Some(whole) = self.read(name)? else {
            return Ok(false);
        };
        let start = usize::try_from(offset_bytes).unwrap_or(usize::MAX);
        let rest = whole.get(start..).unwrap_or_default();
        into.extend_from_slice(&rest[..rest.len().min(bytes_max)]);
        Ok(true)
    }

    /// Names of the files, in any order; none when there is no such directory.
    ///
    /// # Errors
    /// What the operating system says.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Returns when the names of all files that were made or removed are on stable storage.
    ///
    /// # Errors
    /// What the operating system says; fatal, as for [`AppendFile::sync`].
    fn sync_directory(&self) -> io::Result<()>;

    /// Writes within a file, made if it is missing, without a sync: a crash leaves the old bytes there, the new ones or
    /// a mixture.
    ///
    /// # Errors
    /// What the operating system says.
    fn write_at(&self, name: &str, offset_bytes: u64, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// What the operating system says.
    fn remove(&self, name: &str) -> io::Result<()>;
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
        let file = private(&mut options).open(self.directory.join(name))?;
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

    fn read_at(
        &self,
        name: &str,
        offset_bytes: u64,
        bytes_max: usize,
        into: &mut Vec<u8>,
    ) -> io::Result<bool> {
        into.clear();
        let mut file = match File::open(self.directory.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            other => other?,
        };
        file.seek(SeekFrom::Start(offset_bytes))?;
        file.take(bytes_max as u64).read_to_end(into)?;
        Ok(true)
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

    fn sync_directory(&self) -> io::Result<()> {
        // Elsewhere a directory cannot be opened, and names are as durable as the file system makes them.
        #[cfg(unix)]
        File::open(&self.directory)?.sync_all()?;
        Ok(())
    }

    fn write_at(&self, name: &str, offset_bytes: u64, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let mut file = private(&mut options).open(self.directory.join(name))?;
        file.seek(SeekFrom::Start(offset_bytes))?;
        file.write_all(bytes)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.directory.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

/// Readable by the owner only.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
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
