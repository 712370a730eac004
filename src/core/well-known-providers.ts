import type { ProviderTable } from './config/table.ts'

/**
 * Endpoints that need no [providers.x] of the person's own: the addresses and variables that their makers document.
 * None has a price here: prices change, and an unknown one is better than a wrong one.
 */
export const wellKnownProviders: Readonly<Record<string, ProviderTable>> = {
  openai: { api: 'openai' },
  anthropic: { api: 'anthropic' },
  deepseek: { api: 'openai', base_url: 'https://api.deepseek.com', key_env: 'DEEPSEEK_API_KEY' },
  zai: { api: 'openai', base_url: 'https://api.z.ai/api/paas/v4', key_env: 'ZAI_API_KEY' },
  moonshot: { api: 'openai', base_url: 'https://api.moonshot.ai/v1', key_env: 'MOONSHOT_API_KEY' },
  openrouter: { api: 'openai', base_url: 'https://openrouter.ai/api/v1', key_env: 'OPENROUTER_API_KEY' },
  ollama: { api: 'openai', base_url: 'http://127.0.0.1:11434/v1' },
  llamacpp: { api: 'openai', base_url: 'http://127.0.0.1:8080/v1' },
  vllm: { api: 'openai', base_url: 'http://127.0.0.1:8000/v1' },
}
