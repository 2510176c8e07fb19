import { MarketplaceError, type Marketplace } from '../sdk/index.js';

export interface ApplicationWish {
  applicationId: string;
  providerId: string;
  name: string;
  pageUrl: URL;
  tokensPerMinute: number;
}

/**
 * Registers an application of tests, or lets the one that is there have the page, with the operator key.
 * @returns its secret key where one was made: nobody sees it again
 */
export async function registerApplication(
  marketplace: Marketplace,
  { applicationId, providerId, name, pageUrl, tokensPerMinute }: ApplicationWish,
): Promise<{ secretKey: string | undefined }> {
  const { origin } = pageUrl;
  const minutes = [15, 30];
  const secretKey = await marketplace.applications
    .create({
      id: applicationId,
      providerId,
      name,
      launchUrl: pageUrl.href,
      allowedOrigins: [origin],
      returnOrigins: [origin],
      tokensPerMinute,
      extensionOptions: minutes.map((count) => ({
        additionalSeconds: count * 60,
        tokens: count * tokensPerMinute,
      })),
      environment: 'test',
    })
    .then(
      (made) => made.secretKey,
      async (error: unknown) => {
        if (!(error instanceof MarketplaceError) || error.code !== 'ALREADY_EXISTS') throw error;
        await letPageIn(marketplace, applicationId, pageUrl);
        return undefined;
      },
    );
  return { secretKey };
}

async function letPageIn(
  marketplace: Marketplace,
  applicationId: string,
  { href, origin }: URL,
): Promise<void> {
  const { allowedOrigins, returnOrigins, launchUrl } = await marketplace.applications.retrieve(applicationId);
  await marketplace.applications.update(applicationId, {
    launchUrl: launchUrl ?? href,
    allowedOrigins: [...new Set([...allowedOrigins, origin])],
    returnOrigins: [...new Set([...returnOrigins, origin])],
  });
}

/** A new secret key of tests; those of before count for a day. */
export const newSecretKey = async (marketplace: Marketplace, applicationId: string): Promise<string> =>
  (await marketplace.applications.rollSecretKey(applicationId, { environment: 'test' })).secretKey;
