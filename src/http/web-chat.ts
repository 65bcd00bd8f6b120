import type { FastifyInstance } from 'fastify'
export async function webChat(_server: FastifyInstance, _options: object): Promise<void> {}
