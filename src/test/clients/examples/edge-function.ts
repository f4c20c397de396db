import { createClient } from '@supabase/supabase-js'
import { SignJWT } from 'jose'

const url = Deno.env.get('API_URL')!
const secret = new TextEncoder().encode(Deno.env.get('JWT_SECRET')!)
const verifier = createClient(url, Deno.env.get('SECRET_KEY')!)

Deno.serve({ port: Number(Deno.env.get('PORT') ?? 8000), hostname: '127.0.0.1' }, async (request) => {
  const { data: key, error } = await verifier.rpc('verify_api_key', { p_api_key: request.headers.get('x-api-key') ?? '' })
  if (error) return Response.json({ error: 'Try again later' }, { status: 503 })
  if (!key.valid) return Response.json({ error: 'Invalid API key' }, { status: 401 })

  const token = await new SignJWT({ role: 'api_key', sub: key.api_key_id })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(secret)
  const client = createClient(url, Deno.env.get('PUBLISHABLE_KEY')!, { accessToken: async () => token })
  const documents = await client.from('documents').select('title').order('title')
  return Response.json(documents.data ?? { error: documents.error!.message }, { status: documents.status })
})
