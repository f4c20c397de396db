import { createClient } from '@supabase/supabase-js'
import { SignJWT } from 'jose'

const secret = new TextEncoder().encode(process.env.JWT_SECRET)

/** On the server, for the user whose sign-in this is. */
const as = (signIn) => createClient(process.env.API_URL, process.env.PUBLISHABLE_KEY, { accessToken: async () => signIn })

async function call(signIn, name, args) {
  const { data, error } = await as(signIn).rpc(name, args)
  if (error) throw error
  return data
}

/** Answers with the key. Show it once, and keep it nowhere. */
export const createKey = (signIn, account, name, scopes) =>
  call(signIn, 'create_api_key', { p_account_id: account, p_name: name, p_scopes: scopes })

export const listKeys = (signIn, account) => call(signIn, 'list_api_keys', { p_account_id: account })

export const revokeKey = (signIn, id) => call(signIn, 'revoke_api_key', { p_api_key_id: id })

/** A long-lived token that is the user. The database knows its number, not the token: show it once, too. */
export async function createToken(signIn, name, expiresAt) {
  const claims = await call(signIn, 'register_user_token', { p_name: name, p_expires_at: expiresAt.toISOString() })
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
}

export const listTokens = (signIn) => call(signIn, 'list_user_tokens')

export const revokeToken = (signIn, jti) => call(signIn, 'revoke_user_token', { p_jti: jti })
