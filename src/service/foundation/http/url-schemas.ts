import { z } from '@hono/zod-openapi';

/** An http(s) address without user info. */
export const publicUrlSchema = z
  .string()
  .max(2048)
  .refine((text) => {
    if (!/^https?:\/\/[^\\\s]+$/.test(text) || !URL.canParse(text)) return false;
    const { username, password } = new URL(text);
    return username === '' && password === '';
  }, 'an http or https address without user info')
  .openapi({ example: 'https://app.example/launch' });

/** An origin as browsers write it: scheme, host and port, no path. */
export const originSchema = z
  .string()
  .max(300)
  .refine(
    (text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text,
    'an origin such as https://app.example, without a path',
  )
  .openapi({ example: 'https://app.example' });
