/** Files as the blocks of a message. Fetched when the first one is added. */
import {
  ATTACHMENT_ID,
  type Attachment,
  type AttachedBlock,
  type ReadFile,
} from '../store/attachments.ts';

/** Of an image, in pixels: models see no more of it. */
const MAX_SIDE = 2048;
/** An image that takes more is made again, bytes. */
const MAX_BYTES = 2 * 1024 * 1024;
/** What agents take as it is. */
const SENDABLE = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const QUALITY = 0.85;
/** The longest text of a file that the server takes, in UTF-16 units. */
const MAX_TEXT = 1024 * 1024;

export const readFile: ReadFile = async (file, kind, id) => {
  if (kind === 'image') return readImage(file, id);
  const annotations = marks(file.name, id);
  const attachment = (block: AttachedBlock): Attachment => ({
    id,
    name: file.name,
    size: file.size,
    note: '',
    block,
  });
  if (kind === 'audio') {
    return attachment({
      type: 'audio',
      data: await base64(file),
      mimeType: file.type,
      annotations,
    });
  }
  const uri = `attachment:///${encodeURIComponent(file.name)}`;
  const mimeType = file.type === '' ? {} : { mimeType: file.type };
  const text = textOf(await file.arrayBuffer());
  if (text === null) {
    const blob = await base64(file);
    return attachment({ type: 'resource', resource: { uri, blob, ...mimeType }, annotations });
  }
  if (text.length > MAX_TEXT) {
    return 'was left out: it is too long a text for one message. Put it in the session’s folder and name it with @.';
  }
  return attachment({ type: 'resource', resource: { uri, text, ...mimeType }, annotations });
};

/** Its name goes along for who shows it, its id for who still has it in a box; agents need none. */
const marks = (name: string, id: string) => ({
  _meta: { 'tabcast/name': name, [ATTACHMENT_ID]: id },
});

/** Null: it is none. */
function textOf(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

async function readImage(file: File, id: string): Promise<Attachment | string> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return 'was left out: this browser can’t read it as an image.';
  }
  const { width, height } = bitmap;
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const asItIs = SENDABLE.has(file.type) && scale === 1 && file.size <= MAX_BYTES;
  let made: Blob;
  try {
    made = asItIs ? file : await draw(bitmap, scale, file.type);
  } finally {
    bitmap.close();
  }
  const size = (by: number) => `${Math.round(width * by)} × ${Math.round(height * by)}`;
  return {
    id,
    name: file.name,
    size: made.size,
    note: scale < 1 ? `made smaller: ${size(scale)}` : '',
    block: {
      type: 'image',
      data: await base64(made),
      mimeType: made.type,
      annotations: marks(file.name, id),
    },
  };
}

/** A photo stays a JPEG; what may be transparent becomes a WebP, or a PNG where the browser makes none. */
async function draw(bitmap: ImageBitmap, scale: number, type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  );
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const wanted = type === 'image/jpeg' ? type : 'image/webp';
  const made = await canvas.convertToBlob({ type: wanted, quality: QUALITY });
  if (made.type === wanted || made.size <= MAX_BYTES) return made;
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => reject(new Error('unreadable')));
    reader.addEventListener('load', () => {
      const url = reader.result as string;
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.readAsDataURL(blob);
  });
}
