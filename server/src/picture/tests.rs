use super::*;
use image::{GenericImageView as _, Rgb, Rgba, RgbaImage};
use proptest::prelude::*;

/// A picture with something to see, half of it transparent.
fn picture(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let shade = |at: u32, of: u32| u8::try_from(at * 255 / of).unwrap();
        Rgba([
            shade(x, width),
            shade(y, height),
            128,
            if x < width / 2 { 255 } else { 90 },
        ])
    })
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    written(&picture(width, height).into(), ImageFormat::Png)
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = DynamicImage::from(picture(width, height)).to_rgb8();
    written(&picture.into(), ImageFormat::Jpeg)
}

fn read(png: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(png, ImageFormat::Png).unwrap()
}

/// A chunk of a PNG: length, name, content, checksum.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name, content].concat();
    let mut bytes = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(&named);
    bytes.extend(crc32fast::hash(&named).to_be_bytes());
    bytes
}

/// A PNG that is all promise: a beginning that names a size, and no pixels.
fn promise(width: u32, height: u32, depth: u8) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, 6, 0, 0, 0]);
    [
        PNG.to_vec(),
        chunk(*b"IHDR", &header),
        chunk(*b"IDAT", &[0x78, 0x9c]),
        chunk(*b"IEND", &[]),
    ]
    .concat()
}

/// `file` with a segment after its first two bytes.
fn with_segment(file: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&file[..2], &[0xff, marker], &length, content, &file[2..]].concat()
}

/// What a camera writes beside the pixels: to be turned by a quarter, and where it was taken.
fn camera_words() -> Vec<u8> {
    let mut words = b"Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
    words.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    words.extend(b"48.8584 N 2.2945 E");
    words
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_small_png_keeps_its_pixels_and_its_transparency() {
    let kept = read(&to_png(&png(40, 30)).unwrap());
    assert_eq!(kept.to_rgba8(), picture(40, 30));
}

#[test]
fn a_jpeg_becomes_a_png_without_transparency() {
    let kept = to_png(&jpeg(40, 30)).unwrap();
    assert!(kept.starts_with(PNG));
    let kept = read(&kept);
    assert_eq!(
        (kept.dimensions(), kept.color().has_alpha()),
        ((40, 30), false)
    );
}

#[test]
fn a_large_picture_is_made_to_fit_and_keeps_its_shape() {
    for (from, to) in [
        ((1_024, 256), (512, 128)),
        ((256, 1_024), (128, 512)),
        ((513, 512), (512, 511)),
        ((512, 512), (512, 512)),
        ((4_096, 1), (512, 1)),
    ] {
        let kept = read(&to_png(&png(from.0, from.1)).unwrap());
        assert_eq!(kept.dimensions(), to, "{from:?}");
    }
}

#[test]
fn grey_and_sixteen_bits_are_taken_too() {
    for source in [
        DynamicImage::new_luma8(8, 8),
        DynamicImage::new_luma_a8(8, 8),
        DynamicImage::new_luma16(8, 8),
        DynamicImage::new_rgb16(8, 8),
        DynamicImage::new_rgba16(8, 8),
    ] {
        let kept = read(&to_png(&written(&source, ImageFormat::Png)).unwrap());
        assert_eq!(kept.color().has_alpha(), source.color().has_alpha());
        assert_eq!(kept.color().bits_per_pixel() % 8, 0);
    }
}

#[test]
fn what_is_no_png_and_no_jpeg_is_refused_by_its_first_bytes() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let html = [b"<!--".as_slice(), &png(4, 4), b"-->"].concat();
    for file in [
        &b""[..],
        b"\x89PNG",
        b"\xff\xd8",
        svg,
        gif,
        b"RIFF\x1a\0\0\0WEBPVP8L",
        b"BM",
        b"%PDF-1.7",
        &html,
    ] {
        let start = String::from_utf8_lossy(&file[..file.len().min(8)]);
        assert_eq!(to_png(file), Err(PictureError::Kind), "{start}");
    }
}

#[test]
fn a_file_that_ends_too_soon_is_refused() {
    for file in [png(60, 60), jpeg(60, 60)] {
        for keep in [8, 40, file.len() / 2, file.len() - 30, file.len() - 13] {
            let cut = to_png(&file[..keep]);
            assert_eq!(cut, Err(PictureError::Damaged), "{keep} of {}", file.len());
        }
    }
    let file = jpeg(60, 60);
    assert_eq!(
        to_png(&file[..file.len() - 1]),
        Err(PictureError::Damaged),
        "half an end"
    );
}

#[test]
fn an_end_inside_what_stands_beside_the_pixels_is_not_the_end() {
    let thumbnail = [b"Exif\0\0".as_slice(), &jpeg(4, 4)].concat();
    let file = with_segment(&jpeg(60, 60), 0xe1, &thumbnail);
    assert!(to_png(&file).is_ok());
    let cut = &file[..file.len() - 40];
    assert_eq!(to_png(cut), Err(PictureError::Damaged));
}

#[test]
fn a_wrong_checksum_is_noticed() {
    let file = png(60, 60);
    let data = file.windows(4).position(|name| name == b"IDAT").unwrap();
    for place in [16, 29, data + 40] {
        let mut broken = file.clone();
        broken[place] ^= 1;
        assert_eq!(to_png(&broken), Err(PictureError::Damaged), "{place}");
    }
}

#[test]
fn a_promise_of_billions_of_pixels_is_refused_before_any_is_made() {
    assert_eq!(
        to_png(&promise(65_535, 65_535, 8)),
        Err(PictureError::Large)
    );
    assert_eq!(
        to_png(&promise(0x7fff_ffff, 0x7fff_ffff, 16)),
        Err(PictureError::Large)
    );
    let mut file = jpeg(16, 16);
    let frame = file
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    file[frame + 5..frame + 9].fill(0xff);
    assert_eq!(to_png(&file), Err(PictureError::Large));
}

#[test]
fn the_size_is_taken_up_to_its_limits_and_not_beyond() {
    // What fits is looked into, and found empty.
    for (width, height, depth, wanted) in [
        (4_096, 3_906, 8, PictureError::Damaged),
        (4_096, 3_907, 8, PictureError::Large),
        (4_097, 1, 8, PictureError::Large),
        (1, 4_097, 8, PictureError::Large),
        (1, 4_096, 8, PictureError::Damaged),
        (4_096, 3_906, 16, PictureError::Large),
    ] {
        let refused = to_png(&promise(width, height, depth));
        assert_eq!(refused, Err(wanted), "{width} × {height}, {depth} bits");
    }
}

#[test]
fn nothing_that_stands_beside_the_pixels_is_kept() {
    let script = b"<script>alert(1)</script>";
    let png = png(20, 20);
    // After the signature and the header.
    let (start, rest) = png.split_at(33);
    let text = [b"Comment\0".as_slice(), script].concat();
    for file in [
        [&png, script.as_slice()].concat(),
        [start, &chunk(*b"tEXt", &text), rest].concat(),
        [&jpeg(20, 20), script.as_slice()].concat(),
        with_segment(&jpeg(20, 20), 0xfe, script),
    ] {
        let kept = to_png(&file).unwrap();
        assert!(!contains(&kept, b"<script"), "{file:?}");
        assert!(kept.ends_with(&chunk(*b"IEND", &[])));
    }
}

#[test]
fn where_a_photograph_was_taken_is_dropped_and_it_stands_upright() {
    let file = with_segment(&jpeg(40, 20), 0xe1, &camera_words());
    assert!(contains(&file, b"48.8584 N"));
    let kept = to_png(&file).unwrap();
    assert!(!contains(&kept, b"48.8584 N") && !contains(&kept, b"Exif"));
    assert!(!contains(&kept, b"eXIf"));
    assert_eq!(read(&kept).dimensions(), (20, 40));
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    assert_eq!(to_png(&png(30, 30)), to_png(&png(30, 30)));
    let plain = image::RgbImage::from_pixel(3, 3, Rgb([1, 2, 3]));
    let kept = to_png(&written(&plain.into(), ImageFormat::Png)).unwrap();
    assert_eq!(
        to_png(&kept),
        Ok(kept.clone()),
        "what is kept stays as it is"
    );
}

#[tokio::test]
async fn a_picture_that_takes_for_ever_is_given_up_and_keeps_its_place() {
    let pictures = Pictures {
        permits: Arc::new(Semaphore::new(1)),
        patience: Duration::from_millis(20),
        ..Pictures::default()
    };
    let (end, wait) = std::sync::mpsc::channel::<()>();
    let slow = pictures.run(move || {
        let _ = wait.recv();
        Ok(())
    });
    assert_eq!(slow.await, Err(PictureError::Slow));
    let other = pictures.run(|| Ok(())).await;
    assert_eq!(other, Err(PictureError::Busy), "its thread works on");
    drop(end);
    let patient = Pictures {
        patience: PATIENCE,
        ..pictures
    };
    assert_eq!(patient.run(|| Ok(())).await, Ok(()), "it has ended");
}

#[tokio::test]
async fn a_decoder_that_panics_refuses_the_file_and_harms_nothing() {
    let pictures = Pictures::default();
    let refused = pictures
        .run::<()>(|| panic!("a decoder met what it never thought of"))
        .await;
    assert_eq!(refused, Err(PictureError::Damaged));
    for _ in 0..=AT_ONCE {
        assert!(pictures.prepare(png(8, 8)).await.is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_follows_the_first_bytes_is_read_without_harm(jpeg: bool, rest in prop::collection::vec(any::<u8>(), 0..400)) {
        let start = if jpeg { JPEG } else { PNG };
        let _ = to_png(&[start, &rest].concat());
    }

    #[test]
    fn a_picture_with_a_few_wrong_bytes_is_read_without_harm(
        as_jpeg: bool,
        wrong in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut file = if as_jpeg { jpeg(24, 24) } else { png(24, 24) };
        for (place, byte) in wrong {
            let place = place.index(file.len());
            file[place] = byte;
        }
        // A size that was hit may be any; what comes out fits all the same.
        if let Ok(kept) = to_png(&file) {
            let (width, height) = read(&kept).dimensions();
            prop_assert!(width <= KEPT_SIDE && height <= KEPT_SIDE);
        }
    }
}
