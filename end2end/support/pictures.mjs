// Photos and signatures as they are made at the door.
import { expect } from "./test.mjs";

/** Where a photo was taken: it must not leave the tablet. */
export const WHERE = "37.4837N 127.0324E";

/** A photo as a camera writes it: with where it was taken. It is of noise, so that it has several parts. */
export async function photo(page) {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1600, 1200);
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    for (let at = 0, seed = 7; at < image.data.length; at += 1) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      image.data[at] = at % 4 === 3 ? 255 : seed >> 16;
    }
    context.putImageData(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  });
  const jpeg = Buffer.from(base64, "base64");
  const words = Buffer.from(`Exif\0\0${WHERE}`);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, words.length + 2]), words]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** Writes a name on the pad of the open dialog. */
export async function writeOn(page, pad) {
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + width * 0.2, y + height * 0.5);
  await page.mouse.down();
  for (const [right, down] of [[0.3, 0.3], [0.4, 0.7], [0.6, 0.4], [0.8, 0.5]]) await page.mouse.move(x + width * right, y + height * down);
  await page.mouse.up();
}

/** Takes a photo on the page of a case, and says what it shows; the dialog is left open. */
export async function takePhoto(page, t, buffer, caption) {
  await page.getByLabel(t("attachment.take")).setInputFiles({ name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer });
  const dialog = page.getByRole("dialog", { name: t("attachment.photo_title") });
  await expect(dialog.locator("img")).toBeVisible();
  await dialog.getByLabel(t("attachment.caption")).fill(caption);
  return dialog;
}
