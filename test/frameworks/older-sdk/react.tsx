import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useSession } from './use-session.js';

function App() {
  const { sdk, session, remaining, warnedAt, error } = useSession({
    apiEndpoint: location.origin,
    debug: false,
  });
  if (error) return <p id="error">{error}</p>;
  if (!session) return <p>Opening…</p>;
  return (
    <>
      <time data-seconds={remaining}>{sdk?.getFormattedTime() ?? '0:00'}</time>
      <p id="tokens">{session.tokensAllocated}</p>
      <p id="warned">{warnedAt}</p>
      <button onClick={() => sdk?.pauseTimer()}>Pause</button>
      <button onClick={() => sdk?.resumeTimer()}>Resume</button>
      <button onClick={() => sdk?.endSession()}>Finish</button>
    </>
  );
}

createRoot(document.querySelector('#app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
