//! Pictures: what is kept, for how long, and who sees it (I-25 to I-28).

use crate::world::{World, form, token_id};
use app::{
    domain::icon::{FILE_MAX, IconId},
    error::{ApiError, ErrorCode},
    port::{Actor, Console as _},
};
use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage};
use server::service::system;
use sha2::{Digest as _, Sha256};
use std::io::Cursor;

const ROBOT: &str = "TKN-0000-0001";
const BAT: &str = "TKN-0000-0009";

/// A picture in this shade, and no other in any other.
pub fn picture(shade: u8) -> Vec<u8> {
    let pixels = RgbImage::from_pixel(600, 300, Rgb([shade, 7, 7]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(pixels)
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    file.into_inner()
}

impl World {
    pub async fn upload(&self, actor: &Actor, file: Vec<u8>) -> Result<IconId, ApiError> {
        self.service.upload_icon(actor, file).await
    }

    pub async fn seen(&self, actor: &Actor, id: &str, icon: &IconId) -> Result<Vec<u8>, ErrorCode> {
        let icon = self.service.get_icon(actor, token_id(id), icon).await;
        icon.map_err(|error| error.code)
    }

    pub async fn kept(&self) -> i64 {
        self.ask("SELECT count(*) FROM icon").await
    }

    pub async fn give(&self, actor: &Actor, id: &str, icon: Option<IconId>) {
        let mut edit = form(&self.token(actor, id).await);
        edit.icon = icon;
        self.edit(actor, id, &edit).await;
    }
}

fn complaint(refused: Result<IconId, ApiError>) -> String {
    let error = refused.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    error.field("icon").unwrap().to_owned()
}

#[tokio::test]
async fn a_picture_is_made_small_and_kept_under_the_hash_of_its_bytes() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let icon = world.upload(&tony, picture(1)).await.unwrap();
    world.give(&tony, ROBOT, Some(icon.clone())).await;
    let png = world.seen(&tony, ROBOT, &icon).await.unwrap();
    let seen = image::load_from_memory(&png).unwrap();
    assert_eq!(seen.dimensions(), (512, 256));
    assert_eq!(server::hex::encode(&Sha256::digest(&png)), icon.to_string());
    // The same again, also what came out, is the same picture.
    let happy = world.user("Happy").await;
    for file in [picture(1), png] {
        assert_eq!(world.upload(&happy, file).await.unwrap(), icon);
    }
    assert_eq!(world.kept().await, 1);
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_beside_its_field() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let whole = picture(1);
    for (file, words) in [
        (b"<svg/>".to_vec(), "no PNG and no JPEG"),
        (Vec::new(), "no PNG and no JPEG"),
        (whole[..whole.len() / 2].to_vec(), "damaged"),
    ] {
        let complaint = complaint(world.upload(&tony, file).await);
        assert!(complaint.contains(words), "{complaint}");
    }
    assert_eq!(world.kept().await, 0);
}

#[tokio::test]
async fn a_file_of_five_mebibytes_is_taken_and_one_byte_more_is_not() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let mut file = picture(1);
    file.resize(FILE_MAX, b'x');
    let icon = world.upload(&tony, file.clone()).await.unwrap();
    assert_eq!(
        icon,
        world.upload(&tony, picture(1)).await.unwrap(),
        "what hangs on behind is dropped"
    );
    file.push(b'x');
    assert!(complaint(world.upload(&tony, file).await).contains("5 MiB"));
}

#[tokio::test]
async fn only_whoever_may_add_or_edit_tokens_sends_pictures() {
    let world = World::sample().await;
    for (who, code) in [
        ("Tony", None),
        ("Olga", None),
        ("Pepper", Some(ErrorCode::Forbidden)),
        ("Oscar", Some(ErrorCode::Forbidden)),
    ] {
        let actor = world.user(who).await;
        let sent = world.upload(&actor, picture(1)).await;
        assert_eq!(sent.err().map(|error| error.code), code, "{who}");
    }
    let system = world.upload(&system(), picture(1)).await.unwrap_err();
    assert_eq!(system.code, ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn a_picture_is_seen_with_its_token_only() {
    let world = World::sample().await;
    let (tony, bruce) = (world.user("Tony").await, world.user("Bruce").await);
    let icon = world.upload(&tony, picture(1)).await.unwrap();
    let other = world.upload(&bruce, picture(2)).await.unwrap();
    assert_eq!(
        world.seen(&tony, ROBOT, &icon).await,
        Err(ErrorCode::NotFound),
        "no token shows it yet"
    );
    world.give(&tony, ROBOT, Some(icon.clone())).await;
    world.give(&bruce, BAT, Some(other.clone())).await;
    for who in ["Tony", "Pepper", "Happy", "Olga", "Oscar"] {
        let actor = world.user(who).await;
        assert!(world.seen(&actor, ROBOT, &icon).await.is_ok(), "{who}");
    }
    for (actor, id, icon) in [
        (&bruce, ROBOT, &icon),
        (&bruce, BAT, &icon),
        (&tony, BAT, &other),
        (&tony, ROBOT, &other),
        (&tony, "TKN-9999-9999", &icon),
    ] {
        let seen = world.seen(actor, id, icon).await;
        assert_eq!(seen, Err(ErrorCode::NotFound), "{id}");
    }
    world.give(&tony, ROBOT, None).await;
    assert_eq!(
        world.seen(&tony, ROBOT, &icon).await,
        Err(ErrorCode::NotFound)
    );
}

#[tokio::test]
async fn a_picture_of_another_account_is_answered_like_one_that_is_not_kept() {
    let world = World::sample().await;
    let (tony, bruce) = (world.user("Tony").await, world.user("Bruce").await);
    let bruces = world.upload(&bruce, picture(1)).await.unwrap();
    let mut refused = Vec::new();
    for icon in [bruces.clone(), "0".repeat(64).parse().unwrap()] {
        let mut edit = form(&world.token(&tony, ROBOT).await);
        edit.icon = Some(icon);
        let error = world.refused(&tony, ROBOT, &edit).await;
        refused.push(error.field("icon").unwrap().to_owned());
    }
    assert_eq!(refused[0], refused[1]);
    // A colleague's is known, and so is one's own when it is the same picture.
    let happy = world.user("Happy").await;
    let happys = world.upload(&happy, picture(2)).await.unwrap();
    world.give(&tony, ROBOT, Some(happys)).await;
    assert_eq!(world.upload(&tony, picture(1)).await.unwrap(), bruces);
    world.give(&tony, ROBOT, Some(bruces)).await;
}

#[tokio::test]
async fn a_picture_that_no_token_shows_is_dropped_after_a_day_and_one_that_is_shown_is_not() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let shown = world.upload(&tony, picture(1)).await.unwrap();
    let again = world.upload(&tony, picture(2)).await.unwrap();
    world.upload(&tony, picture(3)).await.unwrap();
    world.give(&tony, ROBOT, Some(shown.clone())).await;
    world.clock.advance(86_400);
    // Sent once more: somebody's form is open on it.
    world.upload(&tony, picture(2)).await.unwrap();
    assert_eq!(world.kept().await, 3, "a day is not over");
    world.clock.advance(1);
    world.upload(&tony, picture(4)).await.unwrap();
    assert_eq!(world.kept().await, 3);
    assert!(world.seen(&tony, ROBOT, &shown).await.is_ok());
    world.give(&tony, ROBOT, Some(again.clone())).await;
    assert!(world.seen(&tony, ROBOT, &again).await.is_ok());
}

#[tokio::test]
async fn a_person_keeps_twenty_pictures_that_no_token_shows_and_not_one_more() {
    let world = World::sample().await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    let first = world.upload(&tony, picture(0)).await.unwrap();
    for shade in 1..20 {
        world.upload(&tony, picture(shade)).await.unwrap();
    }
    let error = world.upload(&tony, picture(20)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyRequests);
    assert_eq!(world.kept().await, 20);
    world.upload(&tony, picture(5)).await.unwrap();
    assert_eq!(
        world.upload(&tony, picture(21)).await.unwrap_err().code,
        ErrorCode::TooManyRequests,
        "one that is there already is no new one"
    );
    world.upload(&happy, picture(20)).await.unwrap();
    world.give(&tony, ROBOT, Some(first)).await;
    world.upload(&tony, picture(22)).await.unwrap();
    world.clock.advance(86_401);
    world.upload(&tony, picture(23)).await.unwrap();
    assert_eq!(world.kept().await, 2, "the one that is shown, and the last");
}

#[tokio::test]
async fn pictures_leave_no_line_in_the_trail_until_a_token_shows_one() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let count = "SELECT count(*) FROM audit_record";
    let before: i64 = world.ask(count).await;
    let icon = world.upload(&tony, picture(1)).await.unwrap();
    assert_eq!(world.ask::<i64>(count).await, before);
    world.give(&tony, ROBOT, Some(icon)).await;
    assert_eq!(world.ask::<i64>(count).await, before + 1);
}
