export const ids = [];
export const measure = async () => [];
