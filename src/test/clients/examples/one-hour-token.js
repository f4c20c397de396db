import { createClient } from '@supabase/supabase-js'
import { SignJWT } from 'jose'

const secret = new TextEncoder().encode(process.env.JWT_SECRET)

/** A client that is the key with this id, for an hour or until the key ends. */
export async function clientOf(id) {
  const token = await new SignJWT({ role: 'api_key', sub: id })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(secret)
  return createClient(process.env.API_URL, process.env.PUBLISHABLE_KEY, { accessToken: async () => token })
}
