import { domainName } from '#domain';
import { Module, Injectable } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
@Injectable() class A { n = domainName }
@Injectable() class B { constructor(readonly a: A) {} }
@Module({ providers: [A, B] }) class M {}
const app = await NestFactory.createApplicationContext(M);
console.log(app.get(B).a.n);
await app.close();
