// As people wrote their React hook over the older SDK: handlers in the configuration, times read by an interval.
import { useEffect, useState } from 'react';
import { MarketplaceSDK, type SDKConfig, type SessionData } from 'marketplace-session/compat';

export function useSession(config: SDKConfig) {
  const [sdk, setSdk] = useState<MarketplaceSDK | null>(null);
  const [session, setSession] = useState<SessionData | null>(null);
  const [remaining, setRemaining] = useState(0);
  const [warnedAt, setWarnedAt] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    const created = new MarketplaceSDK({
      ...config,
      onSessionStart: (data) => {
        setSession(data);
        config.onSessionStart?.(data);
      },
      onSessionWarning: ({ remainingSeconds }) => setWarnedAt(remainingSeconds),
      onSessionEnd: () => config.onSessionEnd?.(),
      onError: ({ message }) => setError(message),
    });
    setSdk(created);
    created.initialize().catch(({ message }: Error) => setError(message));
    return () => created.destroy();
  }, []);

  useEffect(() => {
    if (!sdk) return;
    const timer = setInterval(() => setRemaining(sdk.getRemainingTime()), 1000);
    return () => clearInterval(timer);
  }, [sdk]);

  return { sdk, session, remaining, warnedAt, error };
}
