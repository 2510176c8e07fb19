import { createSessionRoute } from 'marketplace-session/sdk/supabase';

export const POST = createSessionRoute();
