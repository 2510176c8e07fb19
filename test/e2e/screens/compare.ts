import type { Page } from 'playwright-core';

/** Two colours that are nearer than this in each channel are one, of 255. */
const nearness = 24;

/**
 * How two pictures differ, in words; empty where they do not. Compared by the browser itself.
 * @param tolerance a share of all pixels.
 */
export async function differenceOf(
  page: Page,
  actual: Buffer,
  reference: Buffer,
  tolerance: number,
): Promise<string> {
  const pictures = [actual, reference].map((png) => `data:image/png;base64,${png.toString('base64')}`);
  const { sizes, share } = await page.evaluate(
    async ([addresses, near]) => {
      const decoded = await Promise.all(
        addresses.map(async (address) => {
          const image = new Image();
          image.src = address;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d', { willReadFrequently: true })!;
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height);
        }),
      );
      const [one, other] = decoded as [ImageData, ImageData];
      let differing = 0;
      for (let at = 0; at < one.data.length; at += 4) {
        const isOther = [0, 1, 2].some(
          (channel) => Math.abs(one.data[at + channel]! - other.data[at + channel]!) > near,
        );
        if (isOther) differing += 1;
      }
      return {
        sizes: decoded.map(({ width, height }) => `${width} x ${height}`),
        share: differing / (one.data.length / 4),
      };
    },
    [pictures, nearness] as const,
  );
  if (sizes[0] !== sizes[1]) return `it is ${sizes[0]} and was ${sizes[1]}`;
  return share > tolerance ? `${(share * 100).toFixed(2)} % of it differ` : '';
}
