// Webhooks in a controller of NestJS. `app.mjs <options of NestFactory.create, as JSON>`, at PORT.
import 'reflect-metadata';
import { Controller, Module, Post, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createWebhookRoute, toNodeHandler } from 'marketplace-session/sdk';

const handler = toNodeHandler(createWebhookRoute());

// What decorators do, without a compiler.
class WebhooksController {
  receive(request, response) {
    return handler(request, response);
  }
}
const { prototype } = WebhooksController;
Req()(prototype, 'receive', 0);
Res()(prototype, 'receive', 1);
Post('api/webhooks')(prototype, 'receive', Object.getOwnPropertyDescriptor(prototype, 'receive'));
Controller()(WebhooksController);

class AppModule {}
Module({ controllers: [WebhooksController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: ['error'], ...JSON.parse(process.argv[2]) });
await app.listen(Number(process.env.PORT), 'localhost');
