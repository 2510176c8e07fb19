import { createBrowserClient } from '@supabase/ssr';
import { MarketplaceSession } from 'marketplace-session/react';
import { useEffect, useState } from 'react';

/** The session of whoever is signed in with Supabase or comes from the marketplace, and a login for others. */
export function Session({ marketplaceUrl, supabaseUrl, supabaseKey }) {
  const [supabase, setSupabase] = useState();
  const [hasSession, setHasSession] = useState(false);

  useEffect(() => {
    const comesFromMarketplace = new URLSearchParams(location.search).has('session');
    const client = createBrowserClient(supabaseUrl, supabaseKey);
    const { data } = client.auth.onAuthStateChange((_, login) => {
      setSupabase(client);
      setHasSession(comesFromMarketplace || login !== null);
    });
    return () => data.subscription.unsubscribe();
  }, [supabaseUrl, supabaseKey]);

  if (!supabase) return null;
  if (hasSession)
    return <MarketplaceSession apiEndpoint={`${marketplaceUrl}/api/v1`} sessionTokenUrl="/api/session" />;
  return (
    <form
      action={(form) =>
        supabase.auth.signInWithPassword({ email: form.get('email'), password: form.get('password') })
      }
    >
      <input name="email" type="email" aria-label="E-mail" autoComplete="username" required />
      <input name="password" type="password" aria-label="Password" autoComplete="current-password" required />
      <button>Sign in</button>
    </form>
  );
}
