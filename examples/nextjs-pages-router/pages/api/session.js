import { createSessionHandler } from 'marketplace-session/sdk/supabase';

export default createSessionHandler();
