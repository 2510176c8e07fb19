// npm start: the whole demo, until Ctrl-C.
import { startDemo } from './demo.js';
import { explainStartFailure, readPorts } from './command-line.js';

try {
  const demo = await startDemo({
    ports: readPorts(process.env),
    dataDirectory: process.env.DATA_DIR ?? '.data/demo',
    hasHistory: true,
  });
  console.log(`
  Tempo, the marketplace     ${demo.marketplaceUrl}                buy a minute and follow it to its receipt
  Talk to somebody           ${demo.marketplaceUrl}/help           ask for help; a program answers, unless you are faster at
  The helper's desk          ${demo.providerUrl}/desk/          what a helper sees: open both side by side
  The provider's figures     ${demo.providerUrl}/dashboard/     what three months came to, as it happens
  The provider's set-up      ${demo.providerUrl}/setup/         an app step by step, to a page that works
  Lantern, the apps          ${demo.providerUrl}                what an app says to someone without a session
  The gallery                ${demo.marketplaceUrl}/gallery/       every state of the tag, in every theme and language
  Webhooks                   ${demo.marketplaceUrl}/webhooks       what the service tells the marketplace's server
  The session service        ${demo.marketplaceUrl}/docs           its own description
`);
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice, it goes at once.
      if (isStopping) process.exit(1);
      isStopping = true;
      demo.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(explainStartFailure(error));
  process.exitCode = 1;
}
