import { createClient } from '@supabase/supabase-js'

/** Behind PostgREST alone: the key in apikey, as createClient() sends it. */
export const withKey = (key) => createClient(process.env.API_URL, key)

/** Where a gateway judges apikey itself, as Supabase's does: the key beside it. */
export const besidePublishable = (key) =>
  createClient(process.env.API_URL, process.env.PUBLISHABLE_KEY, { global: { headers: { 'x-api-key': key } } })
