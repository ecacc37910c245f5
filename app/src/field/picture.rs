//! A picture as it leaves the tablet: drawn anew, so that nothing is left of what a camera writes beside it (place, time, device), no
//! larger than needed to read a letter on it, and with a small picture for lists.

use domain::{
    ApiError, Invalid,
    attachment::{MOST_THUMBNAIL, Media},
};
use js_sys::{Promise, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// Pixels of the longer side at most.
const LARGE: u32 = 2_048;
const SMALL: u32 = 320;
/// Qualities of JPEG, 0–1, the first that is small enough.
const QUALITY: f64 = 0.85;
const SMALL_QUALITIES: [f64; 3] = [0.7, 0.5, 0.3];

/// A picture that may leave the tablet.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// In which form.
    pub media: Media,
    /// The picture.
    pub whole: Vec<u8>,
    /// The same, small.
    pub thumbnail: Vec<u8>,
}

fn no_picture(_: JsValue) -> ApiError {
    ApiError::invalid("content", Invalid::NoPicture)
}

/// Draws a photo anew, upright.
///
/// # Errors
/// [`Invalid::NoPicture`] for what the browser can't show.
pub async fn of_photo(file: &Blob) -> Result<Picture, ApiError> {
    let window = web_sys::window().ok_or(ApiError::Internal)?;
    let decoded = JsFuture::from(window.create_image_bitmap_with_blob(file).map_err(no_picture)?).await.map_err(no_picture)?;
    let bitmap: ImageBitmap = decoded.dyn_into().map_err(no_picture)?;
    let size = (bitmap.width(), bitmap.height());
    let draw = |context: &CanvasRenderingContext2d, (width, height): (u32, u32)| {
        context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, f64::from(width), f64::from(height))
    };
    let whole = encode(&drawn(size, LARGE, draw)?, Media::Jpeg, QUALITY).await?;
    let thumbnail = small(&drawn(size, SMALL, draw)?).await?;
    bitmap.close();
    Ok(Picture { media: Media::Jpeg, whole, thumbnail })
}

/// What was written on a canvas.
///
/// # Errors
/// [`ApiError::Internal`] when the browser can't read its own canvas.
pub async fn of_canvas(canvas: &HtmlCanvasElement) -> Result<Picture, ApiError> {
    let draw = |context: &CanvasRenderingContext2d, (width, height): (u32, u32)| {
        context.draw_image_with_html_canvas_element_and_dw_and_dh(canvas, 0.0, 0.0, f64::from(width), f64::from(height))
    };
    let thumbnail = small(&drawn((canvas.width(), canvas.height()), SMALL, draw)?).await?;
    Ok(Picture { media: Media::Png, whole: encode(canvas, Media::Png, 1.0).await?, thumbnail })
}

/// A canvas with something drawn on white, whose longer side has at most `most` pixels.
fn drawn(
    (width, height): (u32, u32),
    most: u32,
    draw: impl Fn(&CanvasRenderingContext2d, (u32, u32)) -> Result<(), JsValue>,
) -> Result<HtmlCanvasElement, ApiError> {
    let longer = width.max(height).max(1);
    let scaled = |side: u32| if longer <= most { side } else { (side * most / longer).max(1) };
    let size = (scaled(width), scaled(height));
    let canvas = document().create_element("canvas").map_err(no_picture)?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().map_err(|_other| ApiError::Internal)?;
    canvas.set_width(size.0);
    canvas.set_height(size.1);
    let context = context(&canvas)?;
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
    draw(&context, size).map_err(no_picture)?;
    Ok(canvas)
}

/// What draws on a canvas.
pub(crate) fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, ApiError> {
    let context = canvas.get_context("2d").ok().flatten().ok_or(ApiError::Internal)?;
    context.dyn_into().map_err(|_other| ApiError::Internal)
}

async fn small(canvas: &HtmlCanvasElement) -> Result<Vec<u8>, ApiError> {
    for quality in SMALL_QUALITIES {
        let bytes = encode(canvas, Media::Jpeg, quality).await?;
        if bytes.len() <= MOST_THUMBNAIL as usize {
            return Ok(bytes);
        }
    }
    Err(ApiError::TooLarge)
}

async fn encode(canvas: &HtmlCanvasElement, media: Media, quality: f64) -> Result<Vec<u8>, ApiError> {
    let mut failed = None;
    let promise = Promise::new(&mut |resolve, _| {
        let take = Closure::once_into_js(move |blob: JsValue| {
            // It fails only when the promise is gone.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        failed = canvas.to_blob_with_type_and_encoder_options(take.unchecked_ref(), media.mime(), &quality.into()).err();
    });
    if let Some(error) = failed {
        return Err(no_picture(error));
    }
    let blob: Blob = JsFuture::from(promise).await.map_err(no_picture)?.dyn_into().map_err(no_picture)?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(no_picture)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
