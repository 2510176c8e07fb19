import { Session } from './session';

// The addresses are of the environment at run time.
export const dynamic = 'force-dynamic';

export default function Page() {
  return (
    <main>
      <Session
        marketplaceUrl={process.env.MARKETPLACE_API_URL}
        supabaseUrl={process.env.SUPABASE_URL}
        supabaseKey={process.env.SUPABASE_PUBLISHABLE_KEY}
      />
      <h1>What people pay for</h1>
    </main>
  );
}
