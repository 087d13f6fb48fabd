export const handler = () => ({ answer: 42 });
