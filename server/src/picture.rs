//! Pictures that people send: from bytes that cannot be trusted to a small PNG of our own making (I-25 to I-27).
//!
//! Owns what a picture may be, and how long and with how much memory it is looked at. What comes out holds pixels and
//! nothing else of the file. It must not know who sends a picture or where it is kept.

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation,
};
use std::{io::Cursor, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

/// The widest and the highest a picture may be, in pixels.
pub const SIDE_MAX: u32 = 4_096;
/// The most pixels in all.
pub const PIXELS_MAX: u64 = 16_000_000;
/// What is kept fits a square of this side.
pub const KEPT_SIDE: u32 = 512;
/// Bytes that the picture may need while it is decoded.
const MEMORY_MAX: u64 = 64 * 1_024 * 1_024;
/// Pictures that are decoded at the same time.
const AT_ONCE: usize = 2;
/// Files that are received and not prepared yet, at the same time.
const RECEIVED_AT_ONCE: usize = 8;
/// How long one waits for a place, and then for the picture.
const PATIENCE: Duration = Duration::from_secs(5);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It begins like no PNG and no JPEG.
    #[error("neither a PNG nor a JPEG")]
    Kind,
    /// It has more pixels than are taken, or needs more memory.
    #[error("too many pixels")]
    Large,
    /// It ends too soon or is not what its beginning says.
    #[error("damaged")]
    Damaged,
    /// It takes longer to decode than any honest picture.
    #[error("too slow to decode")]
    Slow,
    /// Too many others are being decoded.
    #[error("too many pictures at once")]
    Busy,
}

/// Prepares pictures away from the threads that serve requests, at most two at once (I-26).
#[derive(Clone)]
pub struct Pictures {
    receiving: Arc<Semaphore>,
    permits: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            receiving: Arc::new(Semaphore::new(RECEIVED_AT_ONCE)),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            patience: PATIENCE,
        }
    }
}

impl Pictures {
    /// A place for a file that is about to come, to be kept until it is prepared: of their bytes there is room for so
    /// many only.
    ///
    /// # Errors
    /// [`PictureError::Busy`].
    pub async fn place(&self) -> Result<OwnedSemaphorePermit, PictureError> {
        let waiting = Arc::clone(&self.receiving).acquire_owned();
        match timeout(self.patience, waiting).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(PictureError::Busy),
        }
    }

    /// The PNG to keep for `file`.
    ///
    /// # Errors
    /// [`PictureError`].
    pub async fn prepare(&self, file: Vec<u8>) -> Result<Vec<u8>, PictureError> {
        self.run(move || to_png(&file)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PictureError> + Send + 'static,
    ) -> Result<T, PictureError> {
        let waiting = Arc::clone(&self.permits).acquire_owned();
        let permit = timeout(self.patience, waiting)
            .await
            .map_err(|_| PictureError::Busy)?
            .map_err(|_| PictureError::Busy)?;
        let work = move || {
            // The thread keeps the permit: a picture that takes for ever must not make room for another.
            let _permit = permit;
            work()
        };
        match timeout(self.patience, spawn_blocking(work)).await {
            Ok(Ok(prepared)) => prepared,
            // A decoder that panics was fed something no honest program writes; the thread caught it.
            Ok(Err(_)) => Err(PictureError::Damaged),
            Err(_) => Err(PictureError::Slow),
        }
    }
}

/// The picture in `file` as a PNG of at most 512 × 512 pixels, upright, without anything that stood beside the pixels.
///
/// # Errors
/// [`PictureError`], before anything of the size of the picture is allocated where that can be told.
pub fn to_png(file: &[u8]) -> Result<Vec<u8>, PictureError> {
    let format = kind(file)?;
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| of(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > MEMORY_MAX {
        return Err(PictureError::Large);
    }
    if format == ImageFormat::Jpeg && !ends(file) {
        return Err(PictureError::Damaged);
    }
    // A camera that was held upright says so beside the pixels, and that is dropped.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| of(&error))?;
    let mut picture = fitted(picture);
    picture.apply_orientation(orientation);
    encoded(&picture)
}

/// The only thing that decides what a file is: its first bytes (I-25).
fn kind(file: &[u8]) -> Result<ImageFormat, PictureError> {
    if file.starts_with(PNG) {
        Ok(ImageFormat::Png)
    } else if file.starts_with(JPEG) {
        Ok(ImageFormat::Jpeg)
    } else {
        Err(PictureError::Kind)
    }
}

/// Whether a JPEG has an end after its pixels. The decoder fills up what is missing with grey.
fn ends(file: &[u8]) -> bool {
    // Segments before the pixels may hold a small JPEG with an end of its own. Each says how long it is.
    let mut rest = &file[2..];
    while let [0xff, marker, after @ ..] = rest {
        match (marker, after) {
            (0xff, _) => rest = &rest[1..],
            (0xda, _) => return after.windows(2).any(|pair| pair == [0xff, 0xd9]),
            (_, [high, low, ..]) => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = after.get(length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

fn fitted(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture.thumbnail(KEPT_SIDE, KEPT_SIDE)
    } else {
        picture
    }
}

/// Eight bits a channel, with transparency only where there was some.
fn encoded(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let plain = if picture.color().has_alpha() {
        DynamicImage::from(picture.to_rgba8())
    } else {
        DynamicImage::from(picture.to_rgb8())
    };
    let mut png = Cursor::new(Vec::new());
    plain
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| of(&error))?;
    Ok(png.into_inner())
}

fn of(error: &ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::Large,
        _ => PictureError::Damaged,
    }
}

#[cfg(test)]
mod tests;
