export { marketplaceFixture, type MarketplaceFixture, type PlaywrightPage } from './marketplace-fixture.js';
