// The service is killed at each step of an upload and of a deletion, with its files in a bucket that checks each signature.
import { describeCrashes } from './crashed-files.js';
import { hangWhenArmed } from './hang-when-armed.js';
import { S3Store } from './s3-store.js';

describeCrashes('Files in a bucket', async (_, armed) => {
  const store = await S3Store.start();
  store.onStep = (step) => hangWhenArmed(armed, step);
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = store.options;
  return {
    options: [],
    variables: {
      MARKETPLACE_S3_ENDPOINT: endpoint,
      MARKETPLACE_S3_REGION: region,
      MARKETPLACE_S3_BUCKET: bucket,
      MARKETPLACE_S3_ACCESS_KEY_ID: accessKeyId,
      MARKETPLACE_S3_SECRET_ACCESS_KEY: secretAccessKey,
      BUCKET: JSON.stringify(store.options),
    },
    objects: async () => [...store.objects.keys()].sort(),
    isStreaming: async () => store.unfinishedBytes > 0,
    // What has not come whole is not there.
    leftOfHalf: [],
    close: () => store.stop(),
  };
});
