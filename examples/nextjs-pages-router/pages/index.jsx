import Head from 'next/head';
import { Session } from '../components/session';

/** The addresses are of the environment at run time. */
export const getServerSideProps = () => ({
  props: {
    marketplaceUrl: process.env.MARKETPLACE_API_URL,
    supabaseUrl: process.env.SUPABASE_URL,
    supabaseKey: process.env.SUPABASE_PUBLISHABLE_KEY,
  },
});

export default function Page(addresses) {
  return (
    <main>
      <Head>
        <title>Pages Router</title>
        <link rel="icon" href="data:," />
      </Head>
      <Session {...addresses} />
      <h1>What people pay for</h1>
    </main>
  );
}
