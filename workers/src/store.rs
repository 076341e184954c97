//! The store: where recordings and audio files are kept, a bucket or a folder.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use warmline_engine::recordings::{Recording, Stored};
use warmline_workflows::{AudioId, TenantId};

/// What is held in memory of a file on its way; a bucket takes no smaller parts.
const PART_BYTES: usize = 5 << 20;

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A folder of this machine, made when it is first written to.
    Folder(PathBuf),
    /// A bucket that speaks S3.
    Bucket(Bucket),
}

/// A bucket that speaks S3.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Where it is reached, when it is not Amazon's.
    pub endpoint: Option<String>,
    /// The id and the secret of an access key; none means the role of the machine.
    pub keys: Option<(String, SecretString)>,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
#[error("the store of recordings and audio files: {0}")]
pub struct StoreError(String);

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        Self(error.to_string())
    }
}

/// Where recordings and audio files are kept. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Store(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// Made when something is written to it: most processes never do.
    Folder(PathBuf),
    Bucket(Arc<dyn ObjectStore>),
}

/// A part of what is kept, as it is read.
pub struct Part {
    /// Its bytes.
    pub bytes: BoxStream<'static, Result<Bytes, StoreError>>,
    /// The first byte of it, and the one after its last.
    pub range: std::ops::Range<u64>,
    /// The size of the whole.
    pub whole: u64,
}

/// A file on its way into the store.
pub struct Arriving {
    object: String,
    writer: BufWriter,
    digest: Sha256,
    bytes: u64,
}

/// The name of a recording in the store: the organisation first, so that all of one can be found and deleted, then
/// the month. Always the same, so that what is stored a second time is there once.
#[must_use]
pub fn object(recording: &Recording, month: &str, extension: &str) -> String {
    let Recording { tenant, call, recording_sid, .. } = recording;
    let sid: String = recording_sid.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{tenant}/{month}/{call}/{sid}.{extension}")
}

/// The name of an audio file in the store, beside the recordings of its organisation.
#[must_use]
pub fn audio_object(tenant: TenantId, audio: AudioId) -> String {
    format!("{tenant}/audio/{audio}")
}

impl Store {
    /// The store at a place. Connects to nothing yet.
    ///
    /// # Errors
    /// When the bucket's settings cannot be right.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        Ok(Self(match place {
            Place::Folder(folder) => Kind::Folder(folder.clone()),
            Place::Bucket(bucket) => {
                let mut builder =
                    AmazonS3Builder::from_env().with_bucket_name(&bucket.name).with_region(&bucket.region);
                if let Some(endpoint) = &bucket.endpoint {
                    builder =
                        builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
                }
                if let Some((id, secret)) = &bucket.keys {
                    builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose_secret());
                }
                Kind::Bucket(Arc::new(builder.build()?))
            }
        }))
    }

    /// What is kept there.
    fn objects(&self) -> Result<Arc<dyn ObjectStore>, StoreError> {
        match &self.0 {
            Kind::Bucket(objects) => Ok(Arc::clone(objects)),
            Kind::Folder(folder) => {
                Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true)))
            }
        }
    }

    /// Makes the folder that is about to be written to.
    fn make(&self) -> Result<(), StoreError> {
        let Kind::Folder(folder) = &self.0 else { return Ok(()) };
        std::fs::create_dir_all(folder).map_err(|error| StoreError(format!("{}: {error}", folder.display())))
    }

    /// Whether anything was ever written to it.
    fn is_made(&self) -> bool {
        match &self.0 {
            Kind::Bucket(_) => true,
            Kind::Folder(folder) => folder.exists(),
        }
    }

    /// Begins to store under a name; nothing is there before [`Arriving::finish`].
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn begin(&self, object: String) -> Result<Arriving, StoreError> {
        self.make()?;
        self.clear_away(&object);
        let path = Path::from(object.as_str());
        let writer = BufWriter::with_capacity(self.objects()?, path, PART_BYTES).with_max_concurrency(1);
        Ok(Arriving { object, writer, digest: Sha256::new(), bytes: 0 })
    }

    /// Deletes what a process that died left of a transfer under this name. In a bucket that is for a rule of the
    /// bucket to do: its parts cannot be read.
    fn clear_away(&self, object: &str) {
        let Kind::Folder(folder) = &self.0 else { return };
        let path = folder.join(object);
        let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str()))
        else {
            return;
        };
        let unfinished = format!("{name}#");
        let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&unfinished)) {
            if let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::warn!(error = %error, "what is left of a broken transfer cannot be deleted");
            }
        }
    }

    /// Reads what is kept under a name: all of it, or from one byte to before another.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub async fn read(&self, object: &str, range: Option<std::ops::Range<u64>>) -> Result<Part, StoreError> {
        use futures::StreamExt as _;
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.objects()?.get_opts(&Path::from(object), options).await?;
        let (range, whole) = (found.range.clone(), found.meta.size);
        Ok(Part {
            bytes: found.into_stream().map(|piece| piece.map_err(StoreError::from)).boxed(),
            range,
            whole,
        })
    }

    /// Deletes what is kept under a name, if anything is.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn delete(&self, object: &str) -> Result<(), StoreError> {
        if !self.is_made() {
            return Ok(());
        }
        self.clear_away(object);
        match self.objects()?.delete(&Path::from(object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Arriving {
    /// Takes the next piece; waits while the store is slower.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn take(&mut self, piece: Bytes) -> Result<(), StoreError> {
        self.digest.update(&piece);
        self.bytes += piece.len() as u64;
        Ok(self.writer.put(piece).await?)
    }

    /// Everything was taken: from now on it is there.
    ///
    /// # Errors
    /// When the store does not keep it.
    pub async fn finish(mut self) -> Result<Stored, StoreError> {
        self.writer.shutdown().await.map_err(|error| StoreError(error.to_string()))?;
        Ok(Stored { object: self.object, bytes: self.bytes, sha256: self.digest.finalize().into() })
    }

    /// It will not be whole: what came of it so far is thrown away.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::debug!(error = %error, "a broken transfer was not thrown away");
        }
    }
}
