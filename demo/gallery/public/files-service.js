// The files of a state of the gallery, as the service keeps them, and uploads that go as far as the state wants.

const now = () => Math.floor(Date.now() / 1000);
const limits = { max_file_bytes: 10_485_760, max_files: 50, max_bytes: 104_857_600, accepted_types: null };

/** A photo, as far as a gallery needs one: a tap that drips. */
function drawnPhoto() {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 480];
  const context = canvas.getContext('2d');
  const fill = (color, draw) => {
    context.fillStyle = color;
    context.beginPath();
    draw(context);
    context.fill();
  };
  fill('#cfe0e6', () => context.rect(0, 0, 640, 480));
  for (let x = 0; x < 640; x += 80)
    for (let y = 0; y < 480; y += 80) fill('#bcd2da', () => context.rect(x, y, 76, 76));
  fill('#7d8b94', () => context.roundRect(180, 90, 70, 330, 20));
  fill('#9aa8b1', () => context.roundRect(180, 90, 260, 64, 32));
  fill('#9aa8b1', () => context.roundRect(390, 110, 52, 120, 16));
  fill('#2f80c0', () => {
    context.moveTo(416, 270);
    context.quadraticCurveTo(460, 340, 416, 352);
    context.quadraticCurveTo(372, 340, 416, 270);
  });
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
}

/**
 * @param listed what is there, newest first: who has sent it, its name, type and size in bytes.
 * @param more of the limits.
 * @returns answers by method and path below the API endpoint.
 */
export function fileCalls(endpoint, listed = [], more = {}) {
  let files = listed.map(([sent_by, name, content_type, size], index) => ({
    ...{ id: `file_${index}`, sent_by, role: sent_by === 'customer' ? 'customer' : 'helper', name, size },
    ...{ content_type, sha256: '', url: `${endpoint}/files/file_${index}`, url_expires_at: now() + 3600 },
    created_at: now() - 60 * (index + 1),
  }));
  return [
    [
      'GET',
      /\/sessions\/[^/]+\/files$/,
      () => ({ body: { files, limits: { ...limits, ...more }, next_cursor: null } }),
    ],
    ['GET', /\/files\/(\w+)$/, async () => ({ content: await drawnPhoto() })],
    [
      'DELETE',
      /\/files\/(\w+)$/,
      (_, deleted) => {
        files = files.filter(({ id }) => id !== deleted);
        return { status: 204 };
      },
    ],
  ];
}

/**
 * Uploads go as far as a state says, and stay there.
 * @param wanted a share of the whole; 1 waits for what the service finds; an answer refuses it; 'cut' never arrives.
 */
export function holdUploads(wanted) {
  window.XMLHttpRequest = class {
    upload = {};
    status = 0;
    responseText = '';
    open() {}
    setRequestHeader() {}
    abort() {}
    getAllResponseHeaders() {
      return '';
    }
    send({ size }) {
      queueMicrotask(() => {
        if (wanted === 'cut') return this.onerror();
        if (typeof wanted === 'number') {
          this.upload.onprogress({ loaded: wanted * size });
          if (wanted === 1) this.upload.onload();
          return;
        }
        this.status = wanted.status;
        this.responseText = JSON.stringify(wanted.body);
        this.onload();
      });
    }
  };
}
