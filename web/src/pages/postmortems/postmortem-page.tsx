export const PostmortemPage = () => null;
